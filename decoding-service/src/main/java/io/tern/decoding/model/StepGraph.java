package io.tern.decoding.model;

import io.tern.base.Cancellation;
import java.util.List;

/** What runs steps: a decoder's graph, or several for different numbers of sequences. */
interface StepGraph extends AutoCloseable {
    /** Of different sequences, in one run. */
    int mostSteps();

    KvLayout layout();

    /** What a sequence's memory for so many positions takes. */
    long bytes(int positions);

    /** Such memory. */
    KvMemory memory(KvMemory.Allocation allocation, int positions);

    /**
     * Writes each step's results to its cache. Called by one thread at a time, one of the executor's.
     *
     * @param steps at most {@link #mostSteps}, of caches whose memory is this graph's
     */
    void run(List<Step> steps, Cancellation cancellation);

    /** Ends its sessions, too. */
    @Override
    void close();
}
