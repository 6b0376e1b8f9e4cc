package io.tern.bench;

import io.tern.base.Cancellation;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import io.tern.onnx.Tensor;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One detector and one input that is ready, run again and again. Safe for several threads. */
final class BareLoop implements AutoCloseable {
    private static final Shape PICTURE = Shape.of(1, 3, 416, 416);

    private final OnnxRuntime runtime;
    private final Session session;
    private final Arena arena = Arena.ofShared();
    private final Map<String, Tensor> inputs;
    private final List<String> outputs;

    BareLoop(Path model, int threads) {
        runtime = OnnxRuntime.open(threads);
        session = runtime.load(model, SessionConfig.cpu());
        float[] values = new float[(int) PICTURE.size()];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        inputs = Map.of(session.signature().inputs().getFirst().name(), Tensor.copyOf(runtime, arena, PICTURE, values));
        // Those that the service reads as well.
        outputs = session.signature().outputs().stream()
                .map(TensorInfo::name)
                .filter(name -> name.contains("stride"))
                .toList();
    }

    /** How many outputs there were. */
    int run() {
        try (Arena call = Arena.ofConfined()) {
            return session.run(inputs, outputs, call, Cancellation.none()).size();
        }
    }

    @Override
    public void close() {
        arena.close();
        session.close();
        runtime.close();
    }
}
