package io.tern.gateway.batches;

import java.time.Duration;

/**
 * How batches run.
 *
 * @param linesAtOnce that a service is asked at the same time by all batches together, at least 1
 * @param firstPause before a line is asked again that was refused for now; doubled up to half a minute
 */
public record BatchSettings(int linesAtOnce, Duration firstPause) {
    public BatchSettings {
        if (linesAtOnce < 1 || !firstPause.isPositive()) {
            throw new IllegalArgumentException(
                    "linesAtOnce, firstPause: " + linesAtOnce + ", " + firstPause + " (expected: positive ones)");
        }
    }

    public static BatchSettings of(int linesAtOnce) {
        return new BatchSettings(linesAtOnce, Duration.ofSeconds(1));
    }
}
