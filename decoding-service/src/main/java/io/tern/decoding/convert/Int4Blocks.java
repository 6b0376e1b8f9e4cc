package io.tern.decoding.convert;

import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.decoding.gguf.BlockType;
import io.tern.decoding.gguf.GgufTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One row as 4-bit integers q, two in a byte, with a step and an offset for each 32 of them: (q - 8)·step + offset; used
 * again for the next row. Blocks that a file has in this form are copied as they are.
 */
final class Int4Blocks {
    static final int BLOCK = 32;
    private static final int MIDDLE = 8;
    private static final int GREATEST = 15;

    private final float[] values;
    private final byte[] integers;
    private final byte[] packed;
    private final float[] steps;
    private final float[] offsets;

    Int4Blocks(int columns) {
        if (columns % BLOCK != 0) {
            throw new IllegalArgumentException("columns: " + columns + " (expected: a multiple of " + BLOCK + ")");
        }
        this.values = new float[columns];
        this.integers = new byte[columns];
        this.packed = new byte[columns / 2];
        this.steps = new float[columns / BLOCK];
        this.offsets = new float[columns / BLOCK];
    }

    /** Whether a tensor's values are copied and not rounded once more. */
    static boolean keeps(WeightTensor tensor) {
        return tensor instanceof GgufTensor stored
                && switch (stored.type()) {
                    case Q4_0, Q4_1, Q4_K -> true;
                    default -> false;
                };
    }

    /** The earlier of two neighbours in the low half. */
    byte[] packed() {
        return packed;
    }

    float[] steps() {
        return steps;
    }

    float[] offsets() {
        return offsets;
    }

    void read(Matrix.Row row) {
        BlockType type = row.tensor() instanceof GgufTensor tensor ? tensor.type() : BlockType.F32;
        switch (type) {
            case Q4_0, Q4_1 -> copy(((GgufTensor) row.tensor()).rowBytes(row.index()), type);
            case Q4_K -> copyLarge(((GgufTensor) row.tensor()).rowBytes(row.index()));
            default -> {
                row.dequantize(values);
                for (int block = 0; block < steps.length; block++) {
                    quantize(block);
                }
            }
        }
        for (int i = 0; i < packed.length; i++) {
            packed[i] = (byte) (integers[2 * i] | integers[2 * i + 1] << 4);
        }
    }

    /** Scale, least value if there is one, then 16 bytes: elements 0..15 in their low halves, 16..31 in the high ones. */
    private void copy(MemorySegment row, BlockType type) {
        boolean least = type == BlockType.Q4_1;
        for (int block = 0; block < steps.length; block++) {
            long at = (long) block * type.sizeBytes();
            steps[block] = BlockType.half(row, at);
            offsets[block] = least ? BlockType.half(row, at + 2) + MIDDLE * steps[block] : 0;
            halves(row, at + (least ? 4 : 2), BLOCK / 2, block * BLOCK);
        }
    }

    /** Low halves of so many bytes, then their high halves. */
    private void halves(MemorySegment row, long at, int bytes, int first) {
        for (int i = 0; i < bytes; i++) {
            int both = Byte.toUnsignedInt(row.get(ValueLayout.JAVA_BYTE, at + i));
            integers[first + i] = (byte) (both & GREATEST);
            integers[first + bytes + i] = (byte) (both >> 4);
        }
    }

    /** Blocks of 8 of these, whose scales and least values are small integers in two units. */
    private void copyLarge(MemorySegment row) {
        int inLarge = BlockType.Q4_K.elements() / BLOCK;
        for (int block = 0; block < steps.length; block++) {
            long at = (long) (block / inLarge) * BlockType.Q4_K.sizeBytes();
            int inside = block % inLarge;
            steps[block] = BlockType.half(row, at) * BlockType.smallScale(row, at + 4, inside);
            float least = BlockType.half(row, at + 2) * BlockType.smallLeast(row, at + 4, inside);
            offsets[block] = MIDDLE * steps[block] - least;
            if (inside % 2 == 0) {
                halves(row, at + 16 + (long) inside * (BLOCK / 2), BLOCK, block * BLOCK);
            }
        }
    }

    /** Rounds to the nearest of 16 values from the least to the greatest. */
    private void quantize(int block) {
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
            least = Math.min(least, values[i]);
            greatest = Math.max(greatest, values[i]);
        }
        float step = (greatest - least) / GREATEST;
        float inverse = step == 0 ? 0 : 1 / step;
        for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
            integers[i] = (byte) Math.clamp(Math.round((values[i] - least) * inverse), 0, GREATEST);
        }
        steps[block] = step;
        offsets[block] = least + MIDDLE * step;
    }
}
