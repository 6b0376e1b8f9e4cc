package io.tern.wire.inference;

import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What the Open Inference Protocol calls the types of elements. */
public enum Datatype {
    BOOL(ElementType.BOOL),
    INT8(ElementType.INT8),
    INT16(ElementType.INT16),
    INT32(ElementType.INT32),
    INT64(ElementType.INT64),
    UINT8(ElementType.UINT8),
    UINT16(ElementType.UINT16),
    UINT32(ElementType.UINT32),
    UINT64(ElementType.UINT64),
    FP16(ElementType.FLOAT16),
    FP32(ElementType.FLOAT32),
    FP64(ElementType.FLOAT64),
    BF16(ElementType.BFLOAT16),
    /** Strings of any bytes, each behind its length in four bytes, little-endian. */
    BYTES(ElementType.STRING);

    private static final int LENGTH_BYTES = 4;

    private final ElementType type;

    Datatype(ElementType type) {
        this.type = type;
    }

    public static Datatype of(ElementType type) {
        return Arrays.stream(values())
                .filter(datatype -> datatype.type == type)
                .findFirst()
                .orElseThrow();
    }

    /**
     * @param field of the request, for messages
     * @throws TernException INVALID_ARGUMENT for another name
     */
    public static Datatype parse(String field, String name) {
        return Arrays.stream(values())
                .filter(datatype -> datatype.name().equals(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        field,
                        name,
                        "one of " + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "))));
    }

    /** Of an element; of BYTES the least, its length. */
    public int sizeBytes() {
        return this == BYTES ? LENGTH_BYTES : type.sizeBytes();
    }

    /** Whether numbers in decimal say it: half floats travel as bytes alone. */
    public boolean isHalf() {
        return this == FP16 || this == BF16;
    }
}
