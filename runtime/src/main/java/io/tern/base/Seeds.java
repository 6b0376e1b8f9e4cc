package io.tern.base;

import java.util.concurrent.ThreadLocalRandom;

/** Seeds for requests that leave theirs open. All fit into a JavaScript number, so that a browser can send them back. */
public final class Seeds {
    private static final long COUNT = 1L << 53;
    private static final int HEX_DIGITS = 13; // 52 bits

    private Seeds() {}

    /** By chance. */
    public static long draw() {
        return ThreadLocalRandom.current().nextLong(COUNT);
    }

    /** The same for the same text. */
    public static long of(String text) {
        return Long.parseLong(Sha256.of(text).substring(0, HEX_DIGITS), 16);
    }
}
