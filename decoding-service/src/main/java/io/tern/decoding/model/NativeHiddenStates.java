package io.tern.decoding.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Hidden states where the model has written them: float [rows, width], row after row. */
record NativeHiddenStates(MemorySegment segment, int rows, int width) implements HiddenStates {
    @Override
    public void copyRow(int row, float[] into) {
        long beginBytes = (long) Objects.checkIndex(row, rows) * width * Float.BYTES;
        MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT, beginBytes, into, 0, width);
    }
}
