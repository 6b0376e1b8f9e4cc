package io.tern.jobs.kafka;

import io.tern.base.TernException;

/** Hears what becomes of a job, on a virtual thread of its own: it may block, and is not called by two threads at once. */
public interface JobListener {
    /** The first is always a state; a state that ends the job is the last. */
    void event(SequencedEvent event);

    /** Nothing follows: the job has ended or was erased. */
    void ended();

    /** Nothing follows, though the job goes on: what is known of it cannot be read. */
    void failed(TernException failure);
}
