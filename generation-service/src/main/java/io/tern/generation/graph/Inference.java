package io.tern.generation.graph;

import io.tern.base.Cancellation;
import io.tern.onnx.Binding;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;

/** Where graphs run, and which are loaded. Safe for many threads. */
public final class Inference {
    private final OnnxRuntime runtime;
    private final InferenceExecutor executor;
    private final SessionConfig config;
    private final SharedGraphs graphs = new SharedGraphs();

    /**
     * @param runtime of this process
     * @param executor each run is one turn of it, so requests take turns step by step
     * @param config how graphs are loaded
     */
    public Inference(OnnxRuntime runtime, InferenceExecutor executor, SessionConfig config) {
        this.runtime = runtime;
        this.executor = executor;
        this.config = config;
    }

    public OnnxRuntime runtime() {
        return runtime;
    }

    public SessionConfig config() {
        return config;
    }

    SharedGraphs graphs() {
        return graphs;
    }

    /** Waits for its turn and the run. */
    void run(Session session, Binding binding, Cancellation cancellation) {
        executor.run(() -> session.run(binding, cancellation), cancellation);
    }
}
