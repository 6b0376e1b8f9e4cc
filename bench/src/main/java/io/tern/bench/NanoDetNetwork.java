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

/** The detector's network without what stands around it in the service. Safe for several threads. */
final class NanoDetNetwork implements AutoCloseable {
    static final int SIDE = 416;
    static final Shape INPUT = Shape.of(1, 3, SIDE, SIDE);

    private final OnnxRuntime runtime;
    private final Session session;
    private final List<String> outputs;

    NanoDetNetwork(Path model, int threads) {
        runtime = OnnxRuntime.open(threads);
        session = runtime.load(model, SessionConfig.cpu());
        // Those that the service reads as well.
        outputs = session.signature().outputs().stream()
                .map(TensorInfo::name)
                .filter(name -> name.contains("stride"))
                .toList();
    }

    Tensor tensor(float[] values, Arena arena) {
        return Tensor.copyOf(runtime, arena, INPUT, values);
    }

    Map<String, Tensor> run(Tensor input, Arena arena) {
        String name = session.signature().inputs().getFirst().name();
        return session.run(Map.of(name, input), outputs, arena, Cancellation.none());
    }

    @Override
    public void close() {
        session.close();
        runtime.close();
    }
}
