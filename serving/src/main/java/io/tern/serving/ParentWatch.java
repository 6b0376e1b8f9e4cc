package io.tern.serving;

import java.io.IOException;

/** Ends this process when its standard input ends: the launcher holds the other end, so no orphan outlives it. */
public final class ParentWatch {
    private ParentWatch() {}

    public static void start() {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // the launcher never writes
                }
            } catch (IOException _) {
                // a broken pipe is an end as well
            }
            System.exit(0);
        });
    }
}
