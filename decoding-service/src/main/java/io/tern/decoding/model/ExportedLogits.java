package io.tern.decoding.model;

import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where an exported graph writes the logits of a run: [1, tokens, vocabulary] in its own type. Used by one thread at a time. */
final class ExportedLogits implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final ExportedEnds ends;
    private final int capacity;
    private final MemorySegment memory;

    ExportedLogits(ExportedEnds ends, int capacity) {
        this.ends = ends;
        this.capacity = capacity;
        this.memory = arena.allocate(rowBytes(ends) * capacity, Float.BYTES);
    }

    /** This one if it has room for so many tokens; else another in its place, without what was in it. */
    ExportedLogits withRoom(int tokens) {
        if (tokens <= capacity) {
            return this;
        }
        // With a large vocabulary a row is a megabyte: never more rows than a run has.
        int rows = Math.max(tokens, Math.min(2 * capacity, OnnxLanguageModel.MAX_STEP_TOKENS));
        ExportedLogits larger = new ExportedLogits(ends, rows);
        close();
        return larger;
    }

    Tensor tensor(OnnxRuntime runtime, Arena run, int tokens) {
        return Tensor.over(runtime, run, memory, ends.logitsType(), Shape.of(1, tokens, ends.vocabularySize()));
    }

    /** In the type of all others. */
    void copyRows(int from, int rows, RowBuffer into, int at) {
        long width = ends.vocabularySize();
        if (ends.logitsType() == ElementType.FLOAT32) {
            MemorySegment.copy(
                    memory, from * rowBytes(ends), into.segment(), at * rowBytes(ends), rows * rowBytes(ends));
            return;
        }
        for (long i = 0; i < rows * width; i++) {
            short half = memory.getAtIndex(ValueLayout.JAVA_SHORT, from * width + i);
            into.segment().setAtIndex(ValueLayout.JAVA_FLOAT, at * width + i, Float.float16ToFloat(half));
        }
    }

    private static long rowBytes(ExportedEnds ends) {
        return (long) ends.vocabularySize() * ends.logitsType().sizeBytes();
    }

    @Override
    public void close() {
        arena.close();
    }
}
