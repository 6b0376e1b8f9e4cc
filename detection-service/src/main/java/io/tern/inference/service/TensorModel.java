package io.tern.inference.service;

import io.tern.detection.network.RawGraph;
import java.util.function.Consumer;

/**
 * A model's graph, which stays loaded until this is closed.
 *
 * @param mostElements that an input may have, where the work of a run grows faster than its message; else as many as it
 *     can carry
 * @param values checks what its inputs hold, beyond types and shapes: throws INVALID_ARGUMENT
 * @param lease what keeps it loaded
 */
record TensorModel(String id, RawGraph graph, long mostElements, Consumer<InputTensors> values, Lease lease)
        implements AutoCloseable {
    /** Of a graph that takes what fits its types and shapes, or refuses it by itself. */
    static TensorModel of(String id, RawGraph graph, Lease lease) {
        return new TensorModel(id, graph, Long.MAX_VALUE, _ -> {}, lease);
    }

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
