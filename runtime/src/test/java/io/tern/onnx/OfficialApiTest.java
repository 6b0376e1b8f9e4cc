package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tern.base.Cancellation;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Microsoft's own Java API, from the same jar, as the oracle: the same bits. In one process it finds our copy of the library
 * and shares its environment, which must have been made by us, as theirs has no global thread pool.
 */
class OfficialApiTest {
    private static final long SEED = 20261124;
    private static OnnxRuntime runtime;

    @BeforeAll
    static void open() {
        runtime = OnnxRuntime.open(2);
        OrtEnvironment.getEnvironment(); // which holds the environment, and so its pool, for the rest of the process
    }

    @AfterAll
    static void close() {
        runtime.close();
    }

    @Test
    void computesTheSameBits() throws OrtException {
        Random random = new Random(SEED);
        for (int rows : new int[] {1, 2, 7, 64}) {
            float[] x = new float[rows * 256];
            for (int index = 0; index < x.length; index++) {
                x[index] = (float) random.nextGaussian();
            }
            assertThat(ours(x, rows)).as("rows " + rows + ", seed " + SEED).containsExactly(official(x, rows));
        }
    }

    @Test
    void readsTheSameSignature() throws OrtException {
        try (Session session = runtime.load(Models.TYPES, SessionConfig.cpu());
                OrtSession official = OrtEnvironment.getEnvironment().createSession(Models.TYPES.toString())) {
            assertThat(session.signature().inputs().stream().map(TensorInfo::name))
                    .containsExactlyElementsOf(official.getInputNames());
            assertThat(session.signature().outputs().stream().map(TensorInfo::name))
                    .containsExactlyElementsOf(official.getOutputNames());
            assertThat(session.signature().producer())
                    .isEqualTo(official.getMetadata().getProducerName());
        }
    }

    private static float[] ours(float[] x, int rows) {
        try (Session session = runtime.load(Models.SHARED, SessionConfig.cpu());
                Arena arena = Arena.ofConfined()) {
            FloatTensor floats = FloatTensor.copyOf(arena, Shape.of(rows, 256), x);
            Map<String, Tensor> inputs = Map.of("x", Tensor.of(runtime, arena, floats));
            return session.run(inputs, arena, Cancellation.none())
                    .get("y")
                    .floats()
                    .toArray();
        }
    }

    private static float[] official(float[] x, int rows) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(Models.SHARED.toString());
                OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {rows, 256});
                OrtSession.Result result = session.run(Map.of("x", tensor))) {
            float[] y = new float[x.length];
            ((OnnxTensor) result.get(0)).getFloatBuffer().get(y);
            return y;
        }
    }
}
