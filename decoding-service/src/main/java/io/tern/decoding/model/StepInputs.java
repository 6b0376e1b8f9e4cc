package io.tern.decoding.model;

import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/**
 * The small inputs of a step, in memory that stays bound from step to step: only an input whose length changes is bound
 * again. Owned by one cache.
 */
final class StepInputs {
    private final OnnxRuntime runtime;
    private final Arena arena;
    private final Binding binding;
    private final Vector tokens;
    private final Vector rows;
    private final MemorySegment totalLength;
    private final MemorySegment lastPosition;

    StepInputs(OnnxRuntime runtime, Arena arena, Binding binding) {
        this.runtime = runtime;
        this.arena = arena;
        this.binding = binding;
        this.tokens = new Vector("input_ids", Shape.of(1, -1));
        this.rows = new Vector("rows", Shape.of(-1));
        this.totalLength = number("total_sequence_length");
        this.lastPosition = number("seqlens_k");
    }

    /** {@code count} tokens from {@code begin} on, then copies of the last one up to {@code length}. */
    void tokens(int[] chain, int begin, int count, int length) {
        for (int i = 0; i < length; i++) {
            tokens.set(i, chain[begin + Math.min(i, count - 1)]);
        }
        tokens.bind(length);
    }

    /** Positions {@code first..first + count - 1} of the step, then copies of the last one up to {@code length}. */
    void rows(int first, int count, int length) {
        for (int i = 0; i < length; i++) {
            rows.set(i, first + Math.min(i, count - 1));
        }
        rows.bind(length);
    }

    /** Past, tokens, and the extra row of the attention. */
    void total(int total) {
        totalLength.set(ValueLayout.JAVA_INT, 0, total);
        lastPosition.set(ValueLayout.JAVA_INT, 0, total - 1);
    }

    private MemorySegment number(String name) {
        Tensor tensor = Tensor.allocate(runtime, arena, ElementType.INT32, Shape.of(1));
        binding.input(name, tensor);
        return tensor.segment();
    }

    /** A vector of int64 of changing length, with one tensor for each length that has occurred. */
    private final class Vector {
        private final String name;
        private final MemorySegment memory;
        private final Shape shape;
        private final Map<Integer, Tensor> tensors = new HashMap<>();
        private int boundLength = -1;

        Vector(String name, Shape shape) {
            this.name = name;
            this.memory = arena.allocate(ValueLayout.JAVA_LONG, OnnxLanguageModel.MAX_STEP_TOKENS);
            this.shape = shape;
        }

        void set(int index, long value) {
            memory.setAtIndex(ValueLayout.JAVA_LONG, index, value);
        }

        void bind(int length) {
            if (length != boundLength) {
                binding.input(name, tensors.computeIfAbsent(length, this::tensor));
                boundLength = length;
            }
        }

        private Tensor tensor(int length) {
            long[] dimensions = shape.toArray();
            dimensions[dimensions.length - 1] = length;
            return Tensor.over(runtime, arena, memory, ElementType.INT64, Shape.of(dimensions));
        }
    }
}
