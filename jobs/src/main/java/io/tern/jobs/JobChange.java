package io.tern.jobs;

import com.google.protobuf.Timestamp;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobResult;

/** What can happen to a job. Those with an attempt come from a worker, and count only while that attempt is the last. */
public sealed interface JobChange {
    /** A worker has begun attempt 1, 2, ... */
    record Began(int attempt, Timestamp at) implements JobChange {}

    /** @param progress 0..1 */
    record Advanced(int attempt, double progress) implements JobChange {}

    /** The attempt is over without an end of the job: it waits for the next one. */
    record Returned(int attempt, JobError reason) implements JobChange {}

    record Succeeded(int attempt, JobResult result, Timestamp at) implements JobChange {}

    record Failed(int attempt, JobError error, Timestamp at) implements JobChange {}

    record Cancelled(JobError error, Timestamp at) implements JobChange {}

    record Expired(JobError error, Timestamp at) implements JobChange {}

    /**
     * What must have happened for the job to look like this.
     *
     * @throws IllegalArgumentException if it has no state
     */
    static JobChange leadingTo(Job job) {
        return switch (job.getState()) {
            case QUEUED -> new Returned(job.getAttempt(), job.getError());
            case RUNNING -> new Began(job.getAttempt(), job.getStartedAt());
            case SUCCEEDED -> new Succeeded(job.getAttempt(), job.getResult(), job.getFinishedAt());
            case FAILED -> new Failed(job.getAttempt(), job.getError(), job.getFinishedAt());
            case CANCELLED -> new Cancelled(job.getError(), job.getFinishedAt());
            case EXPIRED -> new Expired(job.getError(), job.getFinishedAt());
            case JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("state: " + job.getStateValue() + " (expected: a job state)");
        };
    }
}
