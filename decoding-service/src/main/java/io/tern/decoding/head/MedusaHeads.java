package io.tern.decoding.head;

import io.tern.base.Cancellation;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/** Heads that each propose one of the next places from the target's last hidden state. Safe for use by many threads. */
final class MedusaHeads implements AutoCloseable {
    private final OnnxRuntime runtime;
    private final Session session;
    private final InferenceExecutor executor;
    private final int[] vocabulary;

    /** @param vocabulary token of each logit */
    MedusaHeads(OnnxRuntime runtime, Session session, InferenceExecutor executor, int[] vocabulary) {
        this.runtime = runtime;
        this.session = session;
        this.executor = executor;
        this.vocabulary = vocabulary.clone();
    }

    /** Token of a logit. */
    int token(int index) {
        return vocabulary[index];
    }

    /** Logits of each head, over the heads' own vocabulary. */
    List<float[]> logits(float[] state, Cancellation cancellation) {
        try (Arena call = Arena.ofConfined()) {
            Tensor hidden = Tensor.allocate(runtime, call, ElementType.FLOAT32, Shape.of(1, state.length));
            MemorySegment.copy(state, 0, hidden.segment(), ValueLayout.JAVA_FLOAT, 0, state.length);
            Tensor logits = session.run(Map.of("hidden", hidden), call, executor, cancellation)
                    .values()
                    .iterator()
                    .next();
            return FeatureLayer.rows(
                    logits.segment(), Math.toIntExact(logits.shape().dimension(0)), vocabulary.length);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
