package io.tern.jobs;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.jobs.v1.JobRequest;

/** Does the jobs of one type. Called on a virtual thread, by several at once if the worker has several slots. */
@FunctionalInterface
public interface JobHandler {
    /**
     * May be called again for the same request after a crash, so it must have no effects but its output.
     *
     * @throws io.tern.base.TernException of kind CALLER: the job fails at once; CAPACITY: it is tried again until it
     *     expires; INTERNAL, as any other exception: it is tried again a few times
     */
    JobOutput handle(JobRequest request, Priority priority, JobProgress progress, Cancellation cancellation);
}
