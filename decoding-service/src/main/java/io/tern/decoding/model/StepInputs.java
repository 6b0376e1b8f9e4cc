package io.tern.decoding.model;

import io.tern.onnx.Binding;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Packs the small inputs of a run: the tokens of all its steps end to end, and for each slot which of them are its own.
 * They are made anew for each run, as their shapes change.
 */
final class StepInputs {
    private final OnnxRuntime runtime;
    private final Arena arena;
    private final Binding binding;
    private final MemorySegment tokens;
    private final MemorySegment attended;
    private final MemorySegment rows;
    private int packedTokens;
    private int packedRows;
    private int attendedRows;

    /**
     * @param arena confined to the thread that runs the steps, and open until the run is over
     * @param tokens of all steps, padding included
     * @param rows of all steps, padding included
     */
    StepInputs(OnnxRuntime runtime, Arena arena, Binding binding, int tokens, int rows) {
        this.runtime = runtime;
        this.arena = arena;
        this.binding = binding;
        this.tokens = wholes("input_ids", Shape.of(1, tokens));
        this.attended = wholes("attended", Shape.of(tokens));
        this.rows = wholes("rows", Shape.of(rows));
    }

    void add(int slot, Step step) {
        String name = KvLayout.slot(slot);
        int rowsOfSlot = step.attendedRows();
        MemorySegment own = wholes(name + "tokens", Shape.of(rowsOfSlot));
        MemorySegment positions = wholes(name + "position_ids", Shape.of(1, rowsOfSlot));
        for (int row = 0; row < rowsOfSlot; row++) {
            set(own, row, packedTokens + Math.min(row, step.tokens() - 1));
            set(positions, row, step.position(row));
        }
        Shape biasShape = Shape.of(1, 1, rowsOfSlot, step.total());
        AttentionBias.fill(tensor(name + "attention_bias", ElementType.FLOAT32, biasShape), step);
        lengths(name, step.total());
        for (int i = 0; i < step.rows(); i++) {
            set(rows, packedRows++, packedTokens + step.firstRow() - step.begin() + i);
        }
        for (int i = 0; i < step.tokens(); i++) {
            set(tokens, packedTokens, step.tree().token(step.begin() + i));
            set(attended, packedTokens++, attendedRows + i);
        }
        attendedRows += rowsOfSlot;
    }

    /** A slot without a sequence still runs: the first token, alone, over keys that nobody reads. */
    void addIdle(int slot) {
        String name = KvLayout.slot(slot);
        wholes(name + "tokens", Shape.of(1));
        wholes(name + "position_ids", Shape.of(1, 1));
        tensor(name + "attention_bias", ElementType.FLOAT32, Shape.of(1, 1, 1, 1));
        lengths(name, 1);
        attendedRows++;
    }

    /** Repeats the last token and the last row until there are as many as was said. */
    void pad() {
        repeatLast(tokens, packedTokens);
        repeatLast(attended, packedTokens);
        repeatLast(rows, packedRows);
    }

    private static void repeatLast(MemorySegment values, int count) {
        for (long i = count; i < values.byteSize() / Long.BYTES; i++) {
            set(values, i, values.getAtIndex(ValueLayout.JAVA_LONG, count - 1));
        }
    }

    private void lengths(String slot, int total) {
        number(slot + "total_sequence_length", total);
        number(slot + "seqlens_k", total - 1);
    }

    private void number(String name, int value) {
        tensor(name, ElementType.INT32, Shape.of(1)).set(ValueLayout.JAVA_INT, 0, value);
    }

    private MemorySegment wholes(String name, Shape shape) {
        return tensor(name, ElementType.INT64, shape);
    }

    /** Zeros. */
    private MemorySegment tensor(String name, ElementType type, Shape shape) {
        Tensor tensor = Tensor.allocate(runtime, arena, type, shape);
        binding.input(name, tensor);
        return tensor.segment();
    }

    private static void set(MemorySegment values, long index, long value) {
        values.setAtIndex(ValueLayout.JAVA_LONG, index, value);
    }
}
