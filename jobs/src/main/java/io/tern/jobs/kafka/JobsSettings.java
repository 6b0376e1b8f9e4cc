package io.tern.jobs.kafka;

import java.time.Duration;

/**
 * How jobs are kept.
 *
 * @param maxQueued submissions are refused while so many jobs wait
 * @param silence a running job of which nothing is heard for so long has lost its worker; a few of the workers' renewals
 * @param retention a job is erased so long after it ended
 */
public record JobsSettings(int maxQueued, Duration silence, Duration retention) {
    public JobsSettings {
        if (maxQueued < 1 || !silence.isPositive() || !retention.isPositive()) {
            throw new IllegalArgumentException("maxQueued, silence, retention: " + maxQueued + ", " + silence + ", "
                    + retention + " (expected: positive ones)");
        }
    }

    public static JobsSettings standard() {
        return new JobsSettings(10_000, Duration.ofSeconds(60), Duration.ofDays(7));
    }
}
