package io.tern.detection.network;

import java.time.Duration;

/**
 * How calls of one network are run together.
 *
 * @param most calls in a run, 1..64; 1: each alone
 * @param delay how long the first of a batch waits for others at most
 * @param concurrency runs of the network at a time, 1..256
 */
public record BatchLimits(int most, Duration delay, int concurrency) {
    public BatchLimits {
        if (most < 1 || most > 64 || delay.isNegative() || concurrency < 1 || concurrency > 256) {
            throw new IllegalArgumentException("most, delay, concurrency: " + most + ", " + delay + ", " + concurrency
                    + " (expected: 1..64, at least 0, 1..256)");
        }
    }

    /** The same for a network that is run for one call at a time. */
    BatchLimits alone() {
        return new BatchLimits(1, delay, concurrency);
    }
}
