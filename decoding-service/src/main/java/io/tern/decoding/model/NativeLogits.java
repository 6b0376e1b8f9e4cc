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

    @Override
    public int argMax(int row) {
        MemorySegment values = segment.asSlice(begin(row) * Float.BYTES, (long) vocabularySize * Float.BYTES);
        int best = 0;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < vocabularySize; token++) {
            float value = values.getAtIndex(ValueLayout.JAVA_FLOAT, token);
            if (!(value <= greatest)) { // written so that NaN comes in too
                Logits.requireFinite(value);
                greatest = value;
                best = token;
            }
        }
        Logits.requireFinite(greatest);
        return best;
    }

    private long begin(int row) {
        return (long) Objects.checkIndex(row, rows) * vocabularySize;
    }
}
