package io.tern.gateway;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what happens by itself. */
final class Until {
    private static final int TRIES = 6_000;

    private Until() {}

    static void holds(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < TRIES; i++) {
            if (condition.call()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new AssertionError("it does not hold (expected: that it does within a minute)");
    }
}
