package io.tern.bench;

import io.tern.base.Cancellation;
import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Objects;

/** y[1, 2] = x[1, 3] @ w + b by {@code io.tern.onnx}. */
final class TinyOurs implements AutoCloseable {
    private static final Shape INPUT = Shape.of(1, 3);

    private final OnnxRuntime runtime;
    private final Session session;
    private final Arena arena = Arena.ofConfined();
    private final Binding binding;
    private final Binding rebinding;
    private final FloatTensor x;
    private final FloatTensor y;
    private final float[] values = {1, 2, 3};

    TinyOurs(OnnxRuntime runtime, Session session) {
        this.runtime = runtime;
        this.session = session;
        x = FloatTensor.copyOf(arena, INPUT, values);
        Tensor output = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 2));
        y = output.floats();
        binding = session.bind().input("x", Tensor.of(runtime, arena, x)).output("y", output);
        rebinding = session.bind().output("y", output);
    }

    double bound() {
        session.run(binding, Cancellation.none());
        return y.get(0);
    }

    double rebound() {
        try (Arena call = Arena.ofConfined()) {
            rebinding.input("x", Tensor.copyOf(runtime, call, INPUT, values));
            session.run(rebinding, Cancellation.none());
            return y.toArray()[0];
        }
    }

    double simple() {
        try (Arena call = Arena.ofConfined()) {
            Map<String, Tensor> inputs = Map.of("x", Tensor.copyOf(runtime, call, INPUT, values));
            Map<String, Tensor> outputs = session.run(inputs, call, Cancellation.none());
            return Objects.requireNonNull(outputs.get("y")).floats().toArray()[0];
        }
    }

    @Override
    public void close() {
        binding.close();
        rebinding.close();
        arena.close();
    }
}
