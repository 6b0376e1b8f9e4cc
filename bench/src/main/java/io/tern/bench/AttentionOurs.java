package io.tern.bench;

import io.tern.base.Cancellation;
import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/** One decoding step of thirty attention layers; each cache is one buffer, bound as past and as present. */
final class AttentionOurs implements AutoCloseable {
    private final Session session;
    private final Arena arena = Arena.ofShared();
    private final Binding binding;
    private final FloatTensor y;

    AttentionOurs(OnnxRuntime runtime, Session session, int past) {
        this.session = session;
        binding = session.bind();
        binding.input("seqlens_k", Tensor.copyOf(runtime, arena, Shape.of(1), past));
        binding.input("total", Tensor.copyOf(runtime, arena, Shape.of(1), past + 1));
        for (TensorInfo info : session.signature().inputs()) {
            String name = info.name();
            if (name.startsWith("past_")) {
                Tensor cache = tensor(runtime, info);
                binding.input(name, cache).output(name.replace("past_", "present_"), cache);
            } else if (name.equals("x") || name.equals("kv")) {
                binding.input(name, tensor(runtime, info));
            }
        }
        Tensor output = tensor(runtime, session.signature().output("y"));
        binding.output("y", output);
        y = output.floats();
    }

    double inPlace() {
        session.run(binding, Cancellation.none());
        return y.get(0);
    }

    private Tensor tensor(OnnxRuntime runtime, TensorInfo info) {
        Tensor tensor = Tensor.allocate(runtime, arena, info.type(), info.shape());
        for (long index = 0; index < tensor.floats().size(); index++) {
            tensor.floats().set(index, AttentionOfficial.value(index));
        }
        return tensor;
    }

    @Override
    public void close() {
        binding.close();
        arena.close();
    }
}
