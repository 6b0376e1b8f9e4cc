package io.tern.jobs;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.base.TernException;

/** Lets a job begin once there is room for it beside what else its service does. */
@FunctionalInterface
public interface JobRoom {
    /** Where slots alone bound the jobs. */
    JobRoom UNBOUNDED = (_, _) -> () -> {};

    /**
     * Waits for room; the job is queued until then.
     *
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED while it waits
     */
    Place enter(Priority priority, Cancellation cancellation);

    /** Taken until it is closed. */
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }
}
