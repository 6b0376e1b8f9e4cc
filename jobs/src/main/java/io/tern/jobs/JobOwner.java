package io.tern.jobs;

import io.tern.base.Sha256;

/**
 * Whose a job is. The mark stands behind the job's id, so that whoever sees an id of theirs can tell, and ids still sort by
 * age; it is a hash of the owner's name and tells nothing of the key.
 *
 * @param mark empty: nobody's and everybody's
 */
public record JobOwner(String mark) {
    /** Where callers are not told apart: jobs bear no mark, and all are in sight. */
    public static final JobOwner EVERYBODY = new JobOwner("");

    private static final int LENGTH = 12;

    public static JobOwner of(String name) {
        return new JobOwner("-" + Sha256.of(name).substring(0, LENGTH));
    }

    public boolean owns(String id) {
        return id.endsWith(mark);
    }

    /** An idempotency key of the owner's own: another's equal one is another key. */
    public String scoped(String key) {
        return key + mark;
    }
}
