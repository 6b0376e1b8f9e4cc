package io.tern.decoding.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Logits where the model has written them: float [rows, vocabulary], row after row. */
record NativeLogits(MemorySegment segment, int rows, int vocabularySize) implements Logits {
    @Override
    public float get(int row, int token) {
        Objects.checkIndex(token, vocabularySize);
        return segment.getAtIndex(ValueLayout.JAVA_FLOAT, begin(row) + token);
    }

    @Override
    public void copyRow(int row, float[] into) {
        long beginBytes = begin(row) * Float.BYTES;
        MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, beginBytes, into, 0, vocabularySize);
    }

    private long begin(int row) {
        return (long) Objects.checkIndex(row, rows) * vocabularySize;
    }
}
