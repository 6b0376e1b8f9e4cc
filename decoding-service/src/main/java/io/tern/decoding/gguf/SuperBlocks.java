package io.tern.decoding.gguf;

import static io.tern.decoding.gguf.BlockType.half;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * ggml's k-quants: 256 elements in blocks of 16 or 32, whose scales (and least values) are small integers themselves, in
 * units that the whole shares.
 */
final class SuperBlocks {
    /** Elements whose quants share bytes: of each byte of 32, so many bits belong to elements 32 apart. */
    private static final int ROW = 32;

    private static final int HALF = 128;

    private SuperBlocks() {}

    /** 16 bytes of scale (low) and least value (high), 64 of 2-bit quants, d, dmin: d·scale·q - dmin·least. */
    static void q2(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at + 80);
        float least = half(row, at + 82);
        for (int i = 0; i < 2 * HALF; i++) {
            int scale = unsigned(row, at + i / 16);
            int q = unsigned(row, at + 16 + i / HALF * ROW + i % ROW) >> shift(i) & 3;
            into[first + i] = d * (scale & 15) * q - least * (scale >> 4);
        }
    }

    /** 32 bytes of third bits (clear: 4 less), 64 of 2-bit quants, 12 with 16 scales of 6 bits, d: d·(scale - 32)·q. */
    static void q3(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at + 108);
        for (int i = 0; i < 2 * HALF; i++) {
            int third = unsigned(row, at + i % ROW) >> i / ROW & 1;
            int q = unsigned(row, at + 32 + i / HALF * ROW + i % ROW) >> shift(i) & 3;
            into[first + i] = d * (q3Scale(row, at + 96, i / 16) - 32) * (q - (third == 0 ? 4 : 0));
        }
    }

    private static int q3Scale(MemorySegment row, long at, int block) {
        int low = unsigned(row, at + block % 8) >> block / 8 * 4 & 15;
        int high = unsigned(row, at + 8 + block % 4) >> block / 4 * 2 & 3;
        return low | high << 4;
    }

    /** d, dmin, 12 bytes with 8 scales and least values of 6 bits, 128 of 4-bit quants: d·scale·q - dmin·least. */
    static void q4(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at);
        float least = half(row, at + 2);
        for (int i = 0; i < 2 * HALF; i++) {
            int block = i / ROW;
            int q = unsigned(row, at + 16 + block / 2 * ROW + i % ROW) >> block % 2 * 4 & 15;
            into[first + i] = d * scale(row, at + 4, block) * q - least * least(row, at + 4, block);
        }
    }

    /** As q4, with 32 bytes of fifth bits before the quants. */
    static void q5(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at);
        float least = half(row, at + 2);
        for (int i = 0; i < 2 * HALF; i++) {
            int block = i / ROW;
            int low = unsigned(row, at + 48 + block / 2 * ROW + i % ROW) >> block % 2 * 4 & 15;
            int fifth = unsigned(row, at + 16 + i % ROW) >> block & 1;
            into[first + i] = d * scale(row, at + 4, block) * (low | fifth << 4) - least * least(row, at + 4, block);
        }
    }

    /** The first four lie in the low 6 bits of bytes 0..3; the others in 4 bits and the 2 that those leave. */
    static int scale(MemorySegment row, long at, int block) {
        return block < 4
                ? unsigned(row, at + block) & 63
                : unsigned(row, at + block + 4) & 15 | unsigned(row, at + block - 4) >> 6 << 4;
    }

    static int least(MemorySegment row, long at, int block) {
        return block < 4
                ? unsigned(row, at + block + 4) & 63
                : unsigned(row, at + block + 4) >> 4 | unsigned(row, at + block) >> 6 << 4;
    }

    /** 128 bytes of low 4 bits, 64 of high 2 bits, 16 signed scales, d: d·scale·(q - 32). */
    static void q6(MemorySegment row, long at, float[] into, int first) {
        float d = half(row, at + 208);
        for (int i = 0; i < 2 * HALF; i++) {
            int inHalf = i % HALF;
            int low = unsigned(row, at + i / HALF * 64 + inHalf % 64) >> inHalf / 64 * 4 & 15;
            int high = unsigned(row, at + 128 + i / HALF * ROW + i % ROW) >> shift(i) & 3;
            int scale = row.get(ValueLayout.JAVA_BYTE, at + 192 + i / 16);
            into[first + i] = d * scale * ((low | high << 4) - 32);
        }
    }

    /** Of the two bits of an element that shares its byte with three others, 32 apart. */
    private static int shift(int element) {
        return element % HALF / ROW * 2;
    }

    private static int unsigned(MemorySegment row, long at) {
        return Byte.toUnsignedInt(row.get(ValueLayout.JAVA_BYTE, at));
    }
}
