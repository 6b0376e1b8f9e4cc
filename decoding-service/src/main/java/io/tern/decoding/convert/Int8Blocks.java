package io.tern.decoding.convert;

import io.tern.decoding.gguf.BlockType;
import io.tern.decoding.gguf.GgufTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One row as unsigned bytes around 128 with one scale for each 32 of them; used again for the next row. */
final class Int8Blocks {
    static final int BLOCK = 32;

    private final float[] values;
    private final byte[] integers;
    private final float[] scales;

    Int8Blocks(int columns) {
        if (columns % BLOCK != 0) {
            throw new IllegalArgumentException("columns: " + columns + " (expected: a multiple of " + BLOCK + ")");
        }
        this.values = new float[columns];
        this.integers = new byte[columns];
        this.scales = new float[columns / BLOCK];
    }

    byte[] integers() {
        return integers;
    }

    float[] scales() {
        return scales;
    }

    void read(Matrix.Row row) {
        if (row.tensor() instanceof GgufTensor tensor && tensor.type() == BlockType.Q8_0) {
            copy(tensor.rowBytes(row.index()));
        } else {
            row.dequantize(values);
            for (int block = 0; block < scales.length; block++) {
                scales[block] = quantize(block * BLOCK);
            }
        }
    }

    private void copy(MemorySegment row) {
        for (int block = 0; block < scales.length; block++) {
            long at = (long) block * BlockType.Q8_0.sizeBytes();
            scales[block] = BlockType.half(row, at);
            for (int i = 0; i < BLOCK; i++) {
                integers[block * BLOCK + i] = (byte) (row.get(ValueLayout.JAVA_BYTE, at + 2 + i) + 128);
            }
        }
    }

    /** Rounds to the nearest of 255 steps from -greatest to greatest and returns the step. */
    private float quantize(int begin) {
        float greatest = 0;
        for (int i = begin; i < begin + BLOCK; i++) {
            greatest = Math.max(greatest, Math.abs(values[i]));
        }
        float inverse = greatest == 0 ? 0 : 127 / greatest;
        for (int i = begin; i < begin + BLOCK; i++) {
            integers[i] = (byte) (int) (values[i] * inverse + 128.5f); // positive: cutting off rounds half up
        }
        return greatest / 127;
    }
}
