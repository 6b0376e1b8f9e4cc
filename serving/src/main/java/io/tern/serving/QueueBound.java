package io.tern.serving;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many requests may wait so that the last of them has its turn in time, by what requests take at present: the limit
 * falls when they become slow and returns when they are quick again. Used under its owner's lock.
 */
final class QueueBound {
    /** Weight of the newest request in the mean: the last ten or so count. */
    private static final double WEIGHT = 0.1;

    private final double longestNanos;
    private final LongSupplier nanoTime;
    private double meanNanos;

    /** @param longest time that a request may wait, by what is known when it comes */
    QueueBound(Duration longest, LongSupplier nanoTime) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("longest: " + longest + " (expected: more than 0)");
        }
        this.longestNanos = longest.toNanos();
        this.nanoTime = nanoTime;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** A request has run from this time until now. */
    void ran(long since) {
        double nanos = now() - since;
        meanNanos = meanNanos == 0 ? nanos : meanNanos + WEIGHT * (nanos - meanNanos);
    }

    /** At least one, so that a slow server still answers, and hears that it has become quicker. */
    int most(int running, int configured) {
        if (meanNanos == 0) {
            return configured;
        }
        return (int) Math.clamp(longestNanos * running / meanNanos, Math.min(1, configured), configured);
    }
}
