package io.tern.inference.service;

import io.tern.detection.network.RawGraph;

/**
 * A model's graph, which stays loaded until this is closed.
 *
 * @param mostElements that an input may have, where the work of a run grows faster than its message; else as many as it
 *     can carry
 * @param lease what keeps it loaded
 */
record TensorModel(String id, RawGraph graph, long mostElements, Lease lease) implements AutoCloseable {
    /** Closing it gives the model back. */
    @FunctionalInterface
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void close() {
        lease.close();
    }
}
