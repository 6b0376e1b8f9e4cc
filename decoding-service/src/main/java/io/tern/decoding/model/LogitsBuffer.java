package io.tern.decoding.model;

import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/** Memory that a model writes the logits of a step to, used again in each step. Owned by one cache. */
final class LogitsBuffer implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final OnnxRuntime runtime;
    private final Tensor whole;
    private final Map<Integer, Tensor> tensors = new HashMap<>();

    LogitsBuffer(OnnxRuntime runtime, int rows, int vocabularySize) {
        this.runtime = runtime;
        this.whole = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(rows, vocabularySize));
    }

    /** Most rows of a step. */
    int rows() {
        return Math.toIntExact(whole.shape().dimension(0));
    }

    /** [rows, vocabulary] at the beginning of the memory. */
    Tensor tensor(int rows) {
        return tensors.computeIfAbsent(rows, this::over);
    }

    Logits view(int rows) {
        return new NativeLogits(whole.segment(), rows, vocabularySize());
    }

    @Override
    public void close() {
        arena.close();
    }

    private Tensor over(int rows) {
        Shape shape = Shape.of(rows, vocabularySize());
        return Tensor.over(runtime, arena, whole.segment(), ElementType.FLOAT32, shape);
    }

    private int vocabularySize() {
        return Math.toIntExact(whole.shape().dimension(1));
    }
}
