package io.tern.decoding.gguf;

import static io.tern.decoding.gguf.BlockType.half;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** ggml's 4-bit quants that stand for values of a table, close to each other near zero. */
final class UnevenBlocks {
    private static final int[] VALUES = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    private static final int HALF = 16;

    private UnevenBlocks() {}

    /** d, 16 bytes: d·value. */
    static void small(MemorySegment row, long at, float[] into, int first) {
        values(row, at + 2, half(row, at), into, first);
    }

    /** d, 2 bytes with the high 2 bits of 8 scales, 4 with their low 4 bits, 8 blocks of 16 bytes: d·(scale - 32)·value. */
    static void large(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at);
        int high = Short.toUnsignedInt(row.get(Cursor.SHORT, at + 2));
        for (int block = 0; block < 8; block++) {
            int low = row.get(ValueLayout.JAVA_BYTE, at + 4 + block / 2) >> block % 2 * 4 & 15;
            int scale = (low | (high >> 2 * block & 3) << 4) - 32;
            values(row, at + 8 + block * HALF, d * scale, into, first + block * 2 * HALF);
        }
    }

    private static void values(MemorySegment row, long at, float scale, float[] into, int first) {
        for (int i = 0; i < HALF; i++) {
            int pair = row.get(ValueLayout.JAVA_BYTE, at + i);
            into[first + i] = scale * VALUES[pair & 15];
            into[first + HALF + i] = scale * VALUES[pair >> 4 & 15];
        }
    }
}
