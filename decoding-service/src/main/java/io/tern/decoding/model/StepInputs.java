package io.tern.decoding.model;

import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;

/** Binds the small inputs of a step, which are made anew each time: their shapes change, and they live for one run. */
final class StepInputs {
    private static final String SLOT = "slot.0.";

    private final OnnxRuntime runtime;
    private final Arena arena;
    private final Binding binding;

    /** @param arena confined to the thread that runs the step, and open until the run is over */
    StepInputs(OnnxRuntime runtime, Arena arena, Binding binding) {
        this.runtime = runtime;
        this.arena = arena;
        this.binding = binding;
    }

    void bind(Step step) {
        int tokens = step.paddedTokens();
        whole("input_ids", Shape.of(1, tokens), row -> step.tree().token(step.node(row)));
        int firstRow = step.firstRow() - step.begin();
        whole("rows", Shape.of(step.paddedRows()), row -> firstRow + Math.min(row, step.rows() - 1));
        whole("attended", Shape.of(tokens), row -> row);
        int attended = step.attendedRows();
        whole(SLOT + "tokens", Shape.of(attended), row -> Math.min(row, tokens - 1));
        whole(SLOT + "position_ids", Shape.of(1, attended), step::position);
        MemorySegment bias =
                tensor(SLOT + "attention_bias", ElementType.FLOAT32, Shape.of(1, 1, attended, step.total()));
        AttentionBias.fill(bias, step);
        number(SLOT + "total_sequence_length", step.total());
        number(SLOT + "seqlens_k", step.total() - 1);
    }

    private void whole(String name, Shape shape, IntUnaryOperator values) {
        MemorySegment memory = tensor(name, ElementType.INT64, shape);
        for (int i = 0; i < shape.size(); i++) {
            memory.setAtIndex(ValueLayout.JAVA_LONG, i, values.applyAsInt(i));
        }
    }

    private void number(String name, int value) {
        tensor(name, ElementType.INT32, Shape.of(1)).set(ValueLayout.JAVA_INT, 0, value);
    }

    private MemorySegment tensor(String name, ElementType type, Shape shape) {
        Tensor tensor = Tensor.allocate(runtime, arena, type, shape);
        binding.input(name, tensor);
        return tensor.segment();
    }
}
