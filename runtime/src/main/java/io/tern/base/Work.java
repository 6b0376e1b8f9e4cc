package io.tern.base;

/** Who asks for work, in the order in which they have their turn. */
public enum Work {
    /** A call whose answer somebody waits for: others leave it room. */
    CALL(Priority.LIVE),
    /** A job that somebody waits for. */
    LIVE_JOB(Priority.LIVE),
    /** A call that may wait: a line of a batch. */
    BATCH_CALL(Priority.BATCH),
    BATCH_JOB(Priority.BATCH);

    private final Priority priority;

    Work(Priority priority) {
        this.priority = priority;
    }

    public Priority priority() {
        return priority;
    }

    public static Work ofCall(Priority priority) {
        return switch (priority) {
            case LIVE -> CALL;
            case BATCH -> BATCH_CALL;
        };
    }

    public static Work ofJob(Priority priority) {
        return switch (priority) {
            case LIVE -> LIVE_JOB;
            case BATCH -> BATCH_JOB;
        };
    }
}
