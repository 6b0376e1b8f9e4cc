package io.tern.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** y[1, 2] = x[1, 3] @ w + b by Microsoft's Java API, as its documentation would have it. */
final class TinyOfficial implements AutoCloseable {
    private static final long[] INPUT = {1, 3};

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final OnnxTensor x;
    private final OnnxTensor y;
    private final FloatBuffer output = buffer(2);
    private final float[] values = {1, 2, 3};

    TinyOfficial(OrtEnvironment environment, OrtSession session) throws OrtException {
        this.environment = environment;
        this.session = session;
        x = OnnxTensor.createTensor(environment, buffer(3).put(0, values), INPUT);
        y = OnnxTensor.createTensor(environment, output, new long[] {1, 2});
    }

    double returned() throws OrtException {
        try (OrtSession.Result result = session.run(Map.of("x", x))) {
            return ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
        }
    }

    double pinned() throws OrtException {
        try (OrtSession.Result _ = session.run(Map.of("x", x), Set.of(), Map.of("y", y))) {
            return output.get(0);
        }
    }

    double fresh() throws OrtException {
        try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), INPUT);
                OrtSession.Result result = session.run(Map.of("x", input))) {
            return ((float[][]) result.get(0).getValue())[0][0];
        }
    }

    static FloatBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(4 * size)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void close() {
        x.close();
        y.close();
    }
}
