package io.tern.decoding.safetensors;

import io.tern.base.TernException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How a tensor's numbers are stored, little-endian. Each is exactly some float32. */
public enum NumberType {
    F32(Float.BYTES) {
        @Override
        float value(MemorySegment data, long index) {
            return data.getAtIndex(FLOAT, index);
        }
    },
    F16(Short.BYTES) {
        @Override
        float value(MemorySegment data, long index) {
            return Float.float16ToFloat(data.getAtIndex(SHORT, index));
        }
    },
    /** The upper half of a float32. */
    BF16(Short.BYTES) {
        @Override
        float value(MemorySegment data, long index) {
            return Float.intBitsToFloat(data.getAtIndex(SHORT, index) << Short.SIZE);
        }
    };

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int sizeBytes;

    NumberType(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    /** Bytes of a number. */
    int sizeBytes() {
        return sizeBytes;
    }

    abstract float value(MemorySegment data, long index);

    /** @throws TernException INVALID_ARGUMENT with the type's name if it is not built */
    static NumberType of(String name, String tensor) {
        for (NumberType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        String built = Arrays.stream(values()).map(NumberType::name).collect(Collectors.joining(", "));
        throw TernException.invalid("safetensors type of " + tensor, name, built);
    }
}
