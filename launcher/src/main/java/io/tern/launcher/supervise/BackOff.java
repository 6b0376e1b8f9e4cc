package io.tern.launcher.supervise;

import java.time.Duration;

/**
 * How long to wait before a process is started again: twice as long after each death, from the beginning once it has
 * lived for a while. Owned by one thread.
 */
final class BackOff {
    static final Duration FIRST = Duration.ofMillis(200);
    static final Duration LONGEST = Duration.ofSeconds(10);
    static final Duration FORGIVEN_AFTER = Duration.ofSeconds(60);

    private Duration next = FIRST;

    /** @param lived how long the process that has just died was alive */
    Duration after(Duration lived) {
        if (lived.compareTo(FORGIVEN_AFTER) >= 0) {
            next = FIRST;
        }
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return wait;
    }
}
