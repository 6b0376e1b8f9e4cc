package io.tern.decoding.head;

import io.tern.base.Cancellation;
import io.tern.decoding.convert.TokenEmbedding;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One transformer layer that guesses the target's next feature, its hidden state behind the next token, from a feature and
 * the token behind it. Safe for use by many threads, each with memory of its own.
 */
final class FeatureLayer implements AutoCloseable {
    private final OnnxRuntime runtime;
    private final Session session;
    private final InferenceExecutor executor;
    private final TokenEmbedding embedding;
    private final int[] vocabulary;

    /** @param vocabulary token of each logit */
    FeatureLayer(
            OnnxRuntime runtime,
            Session session,
            InferenceExecutor executor,
            TokenEmbedding embedding,
            int[] vocabulary) {
        this.runtime = runtime;
        this.session = session;
        this.executor = executor;
        this.embedding = embedding;
        this.vocabulary = vocabulary.clone();
    }

    /**
     * What the layer guesses.
     *
     * @param features behind the token of each row
     * @param logits of the last rows, as many as were asked for, over the layer's own vocabulary
     */
    record Output(List<float[]> features, List<float[]> logits) {}

    int width() {
        return embedding.width();
    }

    /** Token of a logit. */
    int token(int index) {
        return vocabulary[index];
    }

    LayerMemory newMemory(int capacity) {
        return new LayerMemory(runtime, width(), capacity);
    }

    /** Runs the rows behind what is in memory and adds them to it; logits are made for the last {@code wanted} of them. */
    Output run(LayerRows rows, int wanted, LayerMemory memory, Cancellation cancellation) {
        try (Arena call = Arena.ofConfined()) {
            Map<String, Tensor> outputs = session.run(inputs(rows, wanted, memory, call), call, executor, cancellation);
            memory.append(tensor(outputs, "key"), tensor(outputs, "value"));
            return new Output(
                    rows(tensor(outputs, "next").segment(), rows.size(), width()),
                    rows(tensor(outputs, "logits").segment(), wanted, vocabulary.length));
        }
    }

    @Override
    public void close() {
        session.close();
    }

    private Map<String, Tensor> inputs(LayerRows rows, int wanted, LayerMemory memory, Arena call) {
        int count = rows.size();
        Tensor features = floats(call, Shape.of(1, count, width()));
        Tensor embedded = floats(call, Shape.of(1, count, width()));
        Tensor bias = floats(call, Shape.of(1, 1, count, memory.length() + count));
        Tensor positions = Tensor.allocate(runtime, call, ElementType.INT64, Shape.of(1, count));
        Tensor picked = Tensor.allocate(runtime, call, ElementType.INT64, Shape.of(wanted));
        float[] embeddedRow = new float[width()];
        for (int row = 0; row < count; row++) {
            put(features, row, rows.feature(row));
            embedding.copyRow(rows.token(row), embeddedRow);
            put(embedded, row, embeddedRow);
            put(bias, row, rows.bias(row));
            positions.segment().setAtIndex(ValueLayout.JAVA_LONG, row, rows.position(row));
        }
        for (int i = 0; i < wanted; i++) {
            picked.segment().setAtIndex(ValueLayout.JAVA_LONG, i, count - wanted + i);
        }
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("feature", features);
        inputs.put("embedded", embedded);
        inputs.put("positions", positions);
        inputs.put("past_key", memory.keys(call));
        inputs.put("past_value", memory.values(call));
        inputs.put("bias", bias);
        inputs.put("rows", picked);
        return inputs;
    }

    private Tensor floats(Arena call, Shape shape) {
        return Tensor.allocate(runtime, call, ElementType.FLOAT32, shape);
    }

    private static void put(Tensor tensor, int row, float[] values) {
        long begin = (long) row * values.length * Float.BYTES;
        MemorySegment.copy(values, 0, tensor.segment(), ValueLayout.JAVA_FLOAT, begin, values.length);
    }

    private static Tensor tensor(Map<String, Tensor> outputs, String name) {
        Tensor tensor = outputs.get(name);
        if (tensor == null) {
            throw new IllegalStateException("output " + name + ": absent");
        }
        return tensor;
    }

    static List<float[]> rows(MemorySegment segment, int count, int width) {
        List<float[]> rows = new ArrayList<>(count);
        for (int row = 0; row < count; row++) {
            float[] values = new float[width];
            MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, (long) row * width * Float.BYTES, values, 0, width);
            rows.add(values);
        }
        return rows;
    }
}
