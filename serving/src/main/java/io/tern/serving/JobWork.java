package io.tern.serving;

import io.tern.base.Priority;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobRoom;
import io.tern.jobs.JobType;

/**
 * What a service does of the work in Kafka: a bean of this type is all that it takes.
 *
 * @param slots jobs of each priority that are taken at the same time
 * @param room which of them may begin
 */
public record JobWork(JobType type, int slots, JobRoom room, JobHandler handler) {
    public JobWork {
        if (slots < 1) {
            throw new IllegalArgumentException("slots: " + slots + " (expected: >= 1)");
        }
    }

    /** Jobs of all priorities at the same time. */
    public static int atOnce(int slots) {
        return slots * Priority.values().length;
    }
}
