package io.tern.decoding.gguf;

import io.tern.base.TernException;

/** Types of metadata values, in the order of their codes; texts and arrays have no fixed size. */
enum ValueType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(0),
    ARRAY(0),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private static final ValueType[] BY_CODE = values();

    private final int sizeBytes;

    ValueType(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    static ValueType of(int code, String key) {
        if (code < 0 || code >= BY_CODE.length) {
            throw TernException.invalid(
                    "GGUF type of " + key, Integer.toUnsignedString(code), "0.." + (BY_CODE.length - 1));
        }
        return BY_CODE[code];
    }
}
