package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.onnx.Binding;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;

/**
 * Where graphs run.
 *
 * @param runtime of this process
 * @param executor each run is one turn of it, so requests take turns step by step
 * @param config how graphs are loaded
 */
public record Inference(OnnxRuntime runtime, InferenceExecutor executor, SessionConfig config) {
    /** Waits for its turn and the run. */
    void run(Session session, Binding binding, Cancellation cancellation) {
        executor.run(() -> session.run(binding, cancellation), cancellation);
    }
}
