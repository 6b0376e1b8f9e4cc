package io.tern.generation.graph;

import io.tern.base.Cancellation;
import io.tern.onnx.Binding;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph bound once to memory of its own: write the inputs, run, read the outputs, as often as needed and without
 * allocating. Its numbers are float32 here whatever the graph has; float16 is converted at its edge. For one request at a
 * time.
 */
public final class BoundGraph implements AutoCloseable {
    private final Inference inference;
    private final Session session;
    private final Arena arena;
    private final Binding binding;
    private final List<HalfPrecision> halfInputs = new ArrayList<>();
    private final List<HalfPrecision> halfOutputs = new ArrayList<>();

    /** @param arena owns the memory; shared, since another thread runs the graph, and closed after this */
    public BoundGraph(Inference inference, Session session, Arena arena) {
        this.inference = inference;
        this.session = session;
        this.arena = arena;
        this.binding = session.bind();
    }

    public FloatTensor floatInput(String name, Shape shape) {
        TensorInfo info = session.signature().input(name);
        Tensor tensor = input(name, shape);
        return info.type() == ElementType.FLOAT16 ? widened(tensor, halfInputs) : tensor.floats();
    }

    /** In the graph's own type. */
    public Tensor input(String name, Shape shape) {
        Tensor tensor = allocate(session.signature().input(name).type(), shape);
        binding.input(name, tensor);
        return tensor;
    }

    public FloatTensor floatOutput(String name, Shape shape) {
        ElementType type = session.signature().output(name).type();
        Tensor tensor = allocate(type, shape);
        binding.output(name, tensor);
        return type == ElementType.FLOAT16 ? widened(tensor, halfOutputs) : tensor.floats();
    }

    public void run(Cancellation cancellation) {
        halfInputs.forEach(HalfPrecision::narrow);
        inference.run(session, binding, cancellation);
        halfOutputs.forEach(HalfPrecision::widen);
    }

    private FloatTensor widened(Tensor half, List<HalfPrecision> edge) {
        FloatTensor wide = FloatTensor.allocate(arena, half.shape());
        edge.add(new HalfPrecision(half, wide));
        return wide;
    }

    private Tensor allocate(ElementType type, Shape shape) {
        return Tensor.allocate(inference.runtime(), arena, type, shape);
    }

    @Override
    public void close() {
        binding.close();
    }
}
