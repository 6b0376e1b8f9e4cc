package io.tern.serving;

import io.tern.jobs.JobHandler;
import io.tern.jobs.JobType;

/**
 * What a service does of the work in Kafka: a bean of this type is all that it takes.
 *
 * @param slots jobs at the same time
 */
public record JobWork(JobType type, int slots, JobHandler handler) {
    public JobWork {
        if (slots < 1) {
            throw new IllegalArgumentException("slots: " + slots + " (expected: >= 1)");
        }
    }
}
