package io.tern.jobs;

import com.google.protobuf.Timestamp;
import io.tern.jobs.JobChange.Advanced;
import io.tern.jobs.JobChange.Began;
import io.tern.jobs.JobChange.Cancelled;
import io.tern.jobs.JobChange.Expired;
import io.tern.jobs.JobChange.Failed;
import io.tern.jobs.JobChange.Returned;
import io.tern.jobs.JobChange.Succeeded;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobState;

/**
 * State × change → state. The first terminal state wins; a change of an attempt that is not the last one any more
 * changes nothing; a change that is seen twice counts once. So changes may come late, twice, and out of order.
 */
public final class JobTransitions {
    private JobTransitions() {}

    public static boolean isTerminal(JobState state) {
        return switch (state) {
            case SUCCEEDED, FAILED, CANCELLED, EXPIRED -> true;
            case QUEUED, RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }

    public static boolean isTerminal(Job job) {
        return isTerminal(job.getState());
    }

    /** @return the same object if the change changes nothing */
    public static Job apply(Job job, JobChange change) {
        if (isTerminal(job)) {
            return job;
        }
        return switch (change) {
            case Began(int attempt, Timestamp at) -> attempt > job.getAttempt() ? begun(job, attempt, at) : job;
            case Advanced(int attempt, double progress) ->
                isLast(job, attempt) && progress > job.getProgress() ? advanced(job, progress) : job;
            case Returned(int attempt, JobError reason) ->
                attempt > job.getAttempt() || isLast(job, attempt) ? returned(job, attempt, reason) : job;
            case Succeeded(int attempt, var result, Timestamp at) ->
                attempt < job.getAttempt()
                        ? job
                        : ended(job, JobState.SUCCEEDED, at)
                                .setAttempt(attempt)
                                .setProgress(1)
                                .setResult(result)
                                .build();
            case Failed(int attempt, JobError error, Timestamp at) ->
                attempt < job.getAttempt()
                        ? job
                        : ended(job, JobState.FAILED, at)
                                .setAttempt(attempt)
                                .setError(error)
                                .build();
            case Cancelled(JobError error, Timestamp at) ->
                ended(job, JobState.CANCELLED, at).setError(error).build();
            case Expired(JobError error, Timestamp at) ->
                ended(job, JobState.EXPIRED, at).setError(error).build();
        };
    }

    /** Takes what the other picture of the same job knows better. */
    public static Job merge(Job job, Job other) {
        Job merged = apply(job, JobChange.leadingTo(other));
        return other.getState() == JobState.RUNNING
                ? apply(merged, new Advanced(other.getAttempt(), other.getProgress()))
                : merged;
    }

    private static boolean isLast(Job job, int attempt) {
        return attempt == job.getAttempt() && job.getState() == JobState.RUNNING;
    }

    private static Job begun(Job job, int attempt, Timestamp at) {
        return job.toBuilder()
                .setState(JobState.RUNNING)
                .setAttempt(attempt)
                .setProgress(0)
                .setStartedAt(at)
                .clearError()
                .build();
    }

    private static Job advanced(Job job, double progress) {
        return job.toBuilder().setProgress(Math.min(progress, 1)).build();
    }

    private static Job returned(Job job, int attempt, JobError reason) {
        Job.Builder returned =
                job.toBuilder().setState(JobState.QUEUED).setAttempt(attempt).setProgress(0);
        return (reason.getCode().isEmpty() ? returned.clearError() : returned.setError(reason)).build();
    }

    private static Job.Builder ended(Job job, JobState state, Timestamp at) {
        return job.toBuilder().setState(state).setFinishedAt(at).clearError();
    }
}
