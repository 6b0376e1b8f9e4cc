package io.tern.gateway.keys;

import io.tern.jobs.JobOwner;

/** Who calls. */
public record Caller(JobOwner owner, KeyLimits limits) {
    /** Where no keys are asked for. */
    public static final Caller ANYBODY = new Caller(JobOwner.EVERYBODY, KeyLimits.NONE);

    static Caller of(ApiKey key) {
        return new Caller(JobOwner.of(key.name()), key.limits());
    }
}
