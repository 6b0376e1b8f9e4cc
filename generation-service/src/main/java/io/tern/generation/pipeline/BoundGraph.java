package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.onnx.Binding;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/**
 * A graph bound once to memory of its own: write the inputs, run, read the outputs, as often as needed and without
 * allocating. For one request at a time.
 */
final class BoundGraph implements AutoCloseable {
    private final Inference inference;
    private final Session session;
    private final Arena arena;
    private final Binding binding;

    /** @param arena owns the memory; shared, since another thread runs the graph, and closed after this */
    BoundGraph(Inference inference, Session session, Arena arena) {
        this.inference = inference;
        this.session = session;
        this.arena = arena;
        this.binding = session.bind();
    }

    FloatTensor floatInput(String name, Shape shape) {
        return input(name, ElementType.FLOAT32, shape).floats();
    }

    Tensor input(String name, ElementType type, Shape shape) {
        Tensor tensor = allocate(type, shape);
        binding.input(name, tensor);
        return tensor;
    }

    FloatTensor floatOutput(String name, Shape shape) {
        Tensor tensor = allocate(ElementType.FLOAT32, shape);
        binding.output(name, tensor);
        return tensor.floats();
    }

    void run(Cancellation cancellation) {
        inference.run(session, binding, cancellation);
    }

    private Tensor allocate(ElementType type, Shape shape) {
        return Tensor.allocate(inference.runtime(), arena, type, shape);
    }

    @Override
    public void close() {
        binding.close();
    }
}
