package io.tern.decoding.model;

import io.tern.base.Cancellation;
import java.util.List;

/** Runs steps of different sequences together. Called by one thread at a time. */
@FunctionalInterface
interface BatchRunner {
    /**
     * Writes each step's results to its cache. A run that failed may be tried again.
     *
     * @param steps of as many caches
     * @param cancellation ends the run
     */
    void run(List<Step> steps, Cancellation cancellation);
}
