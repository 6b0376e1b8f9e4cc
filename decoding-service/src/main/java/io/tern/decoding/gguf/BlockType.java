package io.tern.decoding.gguf;

import io.tern.base.TernException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How elements are stored: in blocks of so many elements and bytes. Layouts as in ggml's {@code ggml-quants.c}. */
public enum BlockType {
    F32(0, 1, 4) {
        @Override
        void block(MemorySegment row, long at, float[] into, int first) {
            into[first] = row.get(Cursor.FLOAT, at);
        }
    },
    F16(1, 1, 2) {
        @Override
        void block(MemorySegment row, long at, float[] into, int first) {
            into[first] = half(row, at);
        }
    },
    /** 2 bytes d, 2 bytes m, 16 bytes with elements 0..15 in the low and 16..31 in the high halves: q·d + m. */
    Q4_1(3, 32, 20) {
        @Override
        void block(MemorySegment row, long at, float[] into, int first) {
            float d = half(row, at);
            float m = half(row, at + 2);
            for (int i = 0; i < 16; i++) {
                int pair = row.get(ValueLayout.JAVA_BYTE, at + 4 + i);
                into[first + i] = (pair & 15) * d + m;
                into[first + 16 + i] = (pair >> 4 & 15) * d + m;
            }
        }
    },
    /** 2 bytes d, 32 signed bytes: q·d. */
    Q8_0(8, 32, 34) {
        @Override
        void block(MemorySegment row, long at, float[] into, int first) {
            float d = half(row, at);
            for (int i = 0; i < 32; i++) {
                into[first + i] = row.get(ValueLayout.JAVA_BYTE, at + 2 + i) * d;
            }
        }
    };

    /** Names by code of all types that ggml has or had, to refuse one by its name. */
    private static final String[] NAMES =
            ("F32 F16 Q4_0 Q4_1 Q4_2 Q4_3 Q5_0 Q5_1 Q8_0 Q8_1 Q2_K Q3_K Q4_K Q5_K Q6_K Q8_K"
                            + " IQ2_XXS IQ2_XS IQ3_XXS IQ1_S IQ4_NL IQ3_S IQ2_S IQ4_XS I8 I16 I32 I64 F64 IQ1_M BF16"
                            + " Q4_0_4_4 Q4_0_4_8 Q4_0_8_8 TQ1_0 TQ2_0 IQ4_NL_4_4 IQ4_NL_4_8 IQ4_NL_8_8 MXFP4")
                    .split(" ");

    private final int code;
    private final int elements;
    private final int sizeBytes;

    BlockType(int code, int elements, int sizeBytes) {
        this.code = code;
        this.elements = elements;
        this.sizeBytes = sizeBytes;
    }

    /** Elements of a block. */
    public int elements() {
        return elements;
    }

    /** Bytes of a block. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Exact values of the first {@code blocks} blocks. */
    void dequantize(MemorySegment row, int blocks, float[] into) {
        for (int i = 0; i < blocks; i++) {
            block(row, (long) i * sizeBytes, into, i * elements);
        }
    }

    abstract void block(MemorySegment row, long at, float[] into, int first);

    /** A half-precision number as all block types store their scales. */
    public static float half(MemorySegment row, long at) {
        return Float.float16ToFloat(row.get(Cursor.SHORT, at));
    }

    /** @throws TernException INVALID_ARGUMENT with the type's name if it is not built */
    static BlockType of(int code, String tensor) {
        for (BlockType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        String known = code >= 0 && code < NAMES.length ? NAMES[code] : "number " + Integer.toUnsignedString(code);
        String built = Arrays.stream(values()).map(BlockType::name).collect(Collectors.joining(", "));
        throw TernException.invalid("GGUF type of " + tensor, known, built);
    }
}
