package io.tern.decoding.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a run hangs: it is asked once in a while, and a run that is there again and again, far longer than its
 * tokens take, is not coming back. Counted in questions, so that a process that was stopped itself does not count. Written
 * by the thread that runs, asked by another.
 */
final class RunClock {
    static final Duration TICK = Duration.ofMillis(500);
    /** Memory that has to come back from a disk, and a machine with much other work, take their time. */
    private static final int LEAST_TICKS = 9;
    /** Of the time that was measured on a quiet machine. */
    private static final int TIMES_SLOWER = 50;

    /** Odd while a run goes on. */
    private volatile long number;

    private volatile int tokens;
    // What the last question saw, by the thread that asks.
    private long seen = -1;
    private int ticks;

    void begin(int tokensOfRun) {
        tokens = tokensOfRun;
        number++; // one writer
    }

    void end() {
        number++;
    }

    /**
     * Asked once each tick.
     *
     * @param costs null: a run may take as long as it likes
     */
    boolean hangs(@Nullable StepCosts costs) {
        long now = number;
        ticks = now == seen ? ticks + 1 : 0;
        seen = now;
        return now % 2 == 1 && costs != null && ticks > patience(costs);
    }

    private double patience(StepCosts costs) {
        double expected = costs.nanosOfOne() * costs.of(tokens);
        return Math.max(LEAST_TICKS, TIMES_SLOWER * expected / TICK.toNanos());
    }
}
