package io.tern.jobs.kafka;

import io.tern.jobs.v1.Job;
import java.util.List;

/**
 * Some jobs, newest first.
 *
 * @param hasMore whether there are jobs after the last one
 */
public record JobPage(List<Job> jobs, boolean hasMore) {
    public JobPage {
        jobs = List.copyOf(jobs);
    }
}
