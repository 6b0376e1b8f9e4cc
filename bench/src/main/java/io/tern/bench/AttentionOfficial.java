package io.tern.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One decoding step of thirty attention layers by Microsoft's Java API, in the two ways that it allows. */
final class AttentionOfficial implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> pinned = new HashMap<>();
    private final FloatBuffer y = TinyOfficial.buffer(9 * 64);
    private OrtSession.@Nullable Result last;

    AttentionOfficial(OrtEnvironment environment, OrtSession session, int past) throws OrtException {
        this.environment = environment;
        this.session = session;
        for (Map.Entry<String, NodeInfo> entry : session.getInputInfo().entrySet()) {
            long[] shape = ((TensorInfo) entry.getValue().getInfo()).getShape();
            switch (entry.getKey()) {
                case "seqlens_k" -> inputs.put("seqlens_k", integer(past));
                case "total" -> inputs.put("total", integer(past + 1));
                default -> inputs.put(entry.getKey(), filled(shape));
            }
        }
        inputs.forEach((name, tensor) -> {
            if (name.startsWith("past_")) {
                pinned.put(name.replace("past_", "present_"), tensor);
            }
        });
        pinned.put("y", OnnxTensor.createTensor(environment, y, new long[] {1, 1, 9 * 64}));
    }

    /** The caches come back as new tensors, and go in again with the next step. */
    double fedBack() throws OrtException {
        OrtSession.Result result = session.run(current());
        OrtSession.Result before = last;
        if (before != null) {
            before.close();
        }
        last = result;
        return ((OnnxTensor) result.get("y").orElseThrow()).getFloatBuffer().get(0);
    }

    /** The caches are pinned as outputs over the past's own memory. */
    double inPlace() throws OrtException {
        try (OrtSession.Result _ = session.run(inputs, Set.of(), pinned)) {
            return y.get(0);
        }
    }

    /** Any smooth function of the index, the same on both sides. */
    static float value(long index) {
        return (index % 31 - 15) / 16f;
    }

    @Override
    public void close() {
        if (last != null) {
            last.close();
        }
        inputs.values().forEach(OnnxTensor::close);
    }

    private Map<String, OnnxTensor> current() {
        OrtSession.Result before = last;
        if (before == null) {
            return inputs;
        }
        Map<String, OnnxTensor> current = new HashMap<>(inputs);
        current.replaceAll((name, tensor) -> name.startsWith("past_")
                ? (OnnxTensor) before.get(name.replace("past_", "present_")).orElseThrow()
                : tensor);
        return current;
    }

    private OnnxTensor integer(int value) throws OrtException {
        IntBuffer buffer = ByteBuffer.allocateDirect(4)
                .order(ByteOrder.nativeOrder())
                .asIntBuffer()
                .put(0, value);
        return OnnxTensor.createTensor(environment, buffer, new long[] {1});
    }

    private OnnxTensor filled(long[] shape) throws OrtException {
        int size = 1;
        for (long dimension : shape) {
            size *= Math.toIntExact(dimension);
        }
        FloatBuffer buffer = TinyOfficial.buffer(size);
        for (int index = 0; index < size; index++) {
            buffer.put(index, value(index));
        }
        return OnnxTensor.createTensor(environment, buffer, shape);
    }
}
