package io.tern.jobs;

import io.tern.jobs.v1.Job;

/** Tells who asked for it that a job has ended. */
@FunctionalInterface
public interface WebhookSender {
    /** Calls nobody. */
    WebhookSender NONE = _ -> Outcome.REFUSED;

    /** What became of a call. */
    enum Outcome {
        /** Not to be repeated. */
        TAKEN,
        /** To be repeated later. */
        FAILED,
        /** Never to be repeated. */
        REFUSED
    }

    /** Blocks for some seconds at most; what it throws counts as FAILED. May be called by several threads at once. */
    Outcome send(Job end);
}
