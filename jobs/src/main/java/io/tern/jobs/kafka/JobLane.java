package io.tern.jobs.kafka;

import io.tern.base.Priority;
import io.tern.jobs.JobPriorities;
import io.tern.jobs.JobType;
import io.tern.jobs.v1.Job;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Jobs of one type and priority. All lanes read the same topic, each by a share group of its own that passes over the
 * records of the others, so that no lane waits for another.
 */
record JobLane(JobType type, Priority priority) {
    static List<JobLane> all() {
        return Arrays.stream(JobType.values())
                .flatMap(type -> ofType(type).stream())
                .toList();
    }

    static List<JobLane> ofType(JobType type) {
        return Arrays.stream(Priority.values())
                .map(priority -> new JobLane(type, priority))
                .toList();
    }

    /** Empty for a type that only a later version knows. */
    static Optional<JobLane> of(Job job) {
        return JobType.of(job.getType()).map(type -> new JobLane(type, JobPriorities.of(job.getPriority())));
    }

    /** Its share group: {@code tern-detection}, or {@code tern-detection-live}. */
    String group() {
        return switch (priority) {
            case LIVE -> "tern-" + type.wireName() + "-live";
            case BATCH -> "tern-" + type.wireName();
        };
    }
}
