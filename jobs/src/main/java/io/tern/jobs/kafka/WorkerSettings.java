package io.tern.jobs.kafka;

import java.time.Duration;

/**
 * How a worker works.
 *
 * @param lock a job whose worker shows no sign of life for so long is given to another; the broker bounds it
 * @param renewal how often a running job shows a sign of life; a half of the lock, or less
 * @param attempts so often a job is begun before it fails, 1 or more
 * @param backOff wait before the second attempt after an error; doubled for each later one
 * @param drain how long {@code close} lets running jobs go on before it gives them back
 */
public record WorkerSettings(Duration lock, Duration renewal, int attempts, Duration backOff, Duration drain) {
    public WorkerSettings {
        if (!lock.isPositive() || !renewal.isPositive() || attempts < 1 || backOff.isNegative() || drain.isNegative()) {
            throw new IllegalArgumentException("lock, renewal, attempts, backOff, drain: " + lock + ", " + renewal
                    + ", " + attempts + ", " + backOff + ", " + drain + " (expected: positive ones)");
        }
    }

    /** A lock of 30 s; on close jobs are given back soon, for that costs them no attempt. */
    public static WorkerSettings standard() {
        return withLock(Duration.ofSeconds(30));
    }

    /** Renewed at its half. */
    public static WorkerSettings withLock(Duration lock) {
        return new WorkerSettings(lock, lock.dividedBy(2), 3, Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
}
