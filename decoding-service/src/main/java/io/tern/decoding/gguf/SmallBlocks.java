package io.tern.decoding.gguf;

import static io.tern.decoding.gguf.BlockType.half;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocks of 32 elements with one scale d, and a least value m where they are not symmetric. Of 4 bits, elements 0..15 lie
 * in the low and 16..31 in the high halves of 16 bytes; a fifth bit of each lies in a word before them.
 */
final class SmallBlocks {
    private static final int HALF = 16;

    private SmallBlocks() {}

    /** d, 16 bytes: (q - 8)·d. */
    static void q4Symmetric(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at);
        for (int i = 0; i < HALF; i++) {
            int pair = pair(row, at + 2 + i);
            into[first + i] = ((pair & 15) - 8) * d;
            into[first + HALF + i] = ((pair >> 4) - 8) * d;
        }
    }

    /** d, m, 16 bytes: q·d + m. */
    static void q4(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at);
        float m = half(row, at + 2);
        for (int i = 0; i < HALF; i++) {
            int pair = pair(row, at + 4 + i);
            into[first + i] = (pair & 15) * d + m;
            into[first + HALF + i] = (pair >> 4) * d + m;
        }
    }

    /** d, 4 bytes with fifth bits, 16 bytes: (q - 16)·d. */
    static void q5Symmetric(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at);
        int fifth = row.get(Cursor.INT, at + 2);
        for (int i = 0; i < HALF; i++) {
            int pair = pair(row, at + 6 + i);
            into[first + i] = ((pair & 15 | bit(fifth, i)) - 16) * d;
            into[first + HALF + i] = ((pair >> 4 | bit(fifth, HALF + i)) - 16) * d;
        }
    }

    /** d, m, 4 bytes with fifth bits, 16 bytes: q·d + m. */
    static void q5(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at);
        float m = half(row, at + 2);
        int fifth = row.get(Cursor.INT, at + 4);
        for (int i = 0; i < HALF; i++) {
            int pair = pair(row, at + 8 + i);
            into[first + i] = (pair & 15 | bit(fifth, i)) * d + m;
            into[first + HALF + i] = (pair >> 4 | bit(fifth, HALF + i)) * d + m;
        }
    }

    /** d, 32 signed bytes: q·d. */
    static void q8Symmetric(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at);
        for (int i = 0; i < 2 * HALF; i++) {
            into[first + i] = row.get(ValueLayout.JAVA_BYTE, at + 2 + i) * d;
        }
    }

    private static int pair(MemorySegment row, long at) {
        return Byte.toUnsignedInt(row.get(ValueLayout.JAVA_BYTE, at));
    }

    private static int bit(int fifth, int element) {
        return (fifth >>> element & 1) << 4;
    }
}
