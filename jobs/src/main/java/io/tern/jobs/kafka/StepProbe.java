package io.tern.jobs.kafka;

/** Sees a worker pass its steps; tests end the process in it. */
@FunctionalInterface
interface StepProbe {
    StepProbe NONE = (_, _) -> {};

    void reached(JobStep step, String jobId);
}
