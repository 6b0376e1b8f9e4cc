package io.tern.jobs;

import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.jobs.v1.JobPriority;

/** {@link Priority} as messages say it. */
public final class JobPriorities {
    private JobPriorities() {}

    /** @throws TernException INVALID_ARGUMENT for a number that stands for none */
    public static Priority of(JobPriority priority) {
        return switch (priority) {
            case LIVE -> Priority.LIVE;
            case BATCH, JOB_PRIORITY_UNSPECIFIED -> Priority.BATCH;
            case UNRECOGNIZED -> throw TernException.invalid("priority", "another number", "LIVE or BATCH");
        };
    }

    public static JobPriority message(Priority priority) {
        return switch (priority) {
            case LIVE -> JobPriority.LIVE;
            case BATCH -> JobPriority.BATCH;
        };
    }
}
