package io.tern.generation.graph;

import io.tern.onnx.Session;

/** One model's hold of a graph. */
public record GraphLease(Session session, Runnable release) implements AutoCloseable {
    /** Once; the session's bindings of this model are closed before. */
    @Override
    public void close() {
        release.run();
    }
}
