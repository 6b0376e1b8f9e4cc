package io.tern.decoding.gguf;

import io.tern.base.TernException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How elements are stored: in blocks of so many elements and bytes. Layouts as in ggml's {@code ggml-quants.c}. */
public enum BlockType {
    F32(0, 1, 4, (row, at, into, first) -> into[first] = row.get(Cursor.FLOAT, at)),
    F16(1, 1, 2, (row, at, into, first) -> into[first] = half(row, at)),
    /** The upper half of a float32. */
    BF16(
            30,
            1,
            2,
            (row, at, into, first) -> into[first] = Float.intBitsToFloat(row.get(Cursor.SHORT, at) << Short.SIZE)),
    Q4_0(2, 32, 18, SmallBlocks::q4Symmetric),
    Q4_1(3, 32, 20, SmallBlocks::q4),
    Q5_0(6, 32, 22, SmallBlocks::q5Symmetric),
    Q5_1(7, 32, 24, SmallBlocks::q5),
    Q8_0(8, 32, 34, SmallBlocks::q8Symmetric),
    Q2_K(10, 256, 84, SuperBlocks::q2),
    Q3_K(11, 256, 110, SuperBlocks::q3),
    Q4_K(12, 256, 144, SuperBlocks::q4),
    Q5_K(13, 256, 176, SuperBlocks::q5),
    Q6_K(14, 256, 210, SuperBlocks::q6),
    IQ4_NL(20, 32, 18, UnevenBlocks::small),
    IQ4_XS(23, 256, 136, UnevenBlocks::large);

    /** Names by code of all types that ggml has or had, to refuse one by its name. */
    private static final String[] NAMES =
            ("F32 F16 Q4_0 Q4_1 Q4_2 Q4_3 Q5_0 Q5_1 Q8_0 Q8_1 Q2_K Q3_K Q4_K Q5_K Q6_K Q8_K"
                            + " IQ2_XXS IQ2_XS IQ3_XXS IQ1_S IQ4_NL IQ3_S IQ2_S IQ4_XS I8 I16 I32 I64 F64 IQ1_M BF16"
                            + " Q4_0_4_4 Q4_0_4_8 Q4_0_8_8 TQ1_0 TQ2_0 IQ4_NL_4_4 IQ4_NL_4_8 IQ4_NL_8_8 MXFP4")
                    .split(" ");

    private final int code;
    private final int elements;
    private final int sizeBytes;
    private final BlockDecoder decoder;

    BlockType(int code, int elements, int sizeBytes, BlockDecoder decoder) {
        this.code = code;
        this.elements = elements;
        this.sizeBytes = sizeBytes;
        this.decoder = decoder;
    }

    /** As in the file. */
    int code() {
        return code;
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
            decoder.decode(row, (long) i * sizeBytes, into, i * elements);
        }
    }

    /** Of a block within Q4_K: 6 bits, in units of the whole. */
    public static int smallScale(MemorySegment row, long at, int block) {
        return SuperBlocks.scale(row, at, block);
    }

    /** Of a block within Q4_K, what is taken away: 6 bits, in units of the whole. */
    public static int smallLeast(MemorySegment row, long at, int block) {
        return SuperBlocks.least(row, at, block);
    }

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
