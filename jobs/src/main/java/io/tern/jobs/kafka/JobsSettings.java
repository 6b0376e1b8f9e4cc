package io.tern.jobs.kafka;

import java.time.Duration;
import java.util.List;

/**
 * How jobs are kept.
 *
 * @param maxQueued submissions are refused while so many jobs wait
 * @param silence a running job of which nothing is heard for so long has lost its worker; a few of the workers' renewals
 * @param retention a job is erased so long after it ended
 * @param webhookWaits between one call of a webhook that was not taken and the next; then it is given up
 */
public record JobsSettings(int maxQueued, Duration silence, Duration retention, List<Duration> webhookWaits) {
    /** Nine calls within half a day. */
    public static final List<Duration> WEBHOOK_WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6));

    public JobsSettings {
        if (maxQueued < 1 || !silence.isPositive() || !retention.isPositive()) {
            throw new IllegalArgumentException("maxQueued, silence, retention: " + maxQueued + ", " + silence + ", "
                    + retention + " (expected: positive ones)");
        }
        webhookWaits = List.copyOf(webhookWaits);
        if (webhookWaits.isEmpty() || !webhookWaits.stream().allMatch(Duration::isPositive)) {
            throw new IllegalArgumentException("webhookWaits: " + webhookWaits + " (expected: positive ones)");
        }
    }

    public static JobsSettings standard() {
        return new JobsSettings(10_000, Duration.ofSeconds(60), Duration.ofDays(7), WEBHOOK_WAITS);
    }
}
