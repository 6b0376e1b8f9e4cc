package io.tern.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64 of RFC 4648 §4, with or without padding. */
public final class Base64Text {
    private Base64Text() {}

    public static byte @Nullable [] decode(String text) {
        return decode(text, 0);
    }

    /** Without a copy of the text from that place on, which may be many megabytes. */
    public static byte @Nullable [] decode(String text, int from) {
        byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
        try {
            ByteBuffer bytes = Base64.getDecoder().decode(ByteBuffer.wrap(ascii, from, ascii.length - from));
            return bytes.array().length == bytes.remaining()
                    ? bytes.array()
                    : Arrays.copyOf(bytes.array(), bytes.remaining());
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    public static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
