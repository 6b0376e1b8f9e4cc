package io.tern.tensor;

/** Types of tensor elements that Tern reads or writes, with their code in ONNX's {@code TensorProto.DataType}. */
public enum ElementType {
    FLOAT32(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    UINT16(4, 2),
    INT16(5, 2),
    INT32(6, 4),
    INT64(7, 8),
    /** Of any length each, so that they lie behind no tensor's memory. */
    STRING(8, 0),
    BOOL(9, 1),
    FLOAT16(10, 2),
    FLOAT64(11, 8),
    UINT32(12, 4),
    UINT64(13, 8),
    BFLOAT16(16, 2);

    private final int onnxCode;
    private final int sizeBytes;

    ElementType(int onnxCode, int sizeBytes) {
        this.onnxCode = onnxCode;
        this.sizeBytes = sizeBytes;
    }

    public int onnxCode() {
        return onnxCode;
    }

    /** Zero for strings, which differ. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** @throws IllegalArgumentException for a type that Tern does not handle (complex numbers, floats and integers below 8 bits) */
    public static ElementType ofOnnx(int code) {
        for (ElementType type : values()) {
            if (type.onnxCode == code) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "element type: " + code + " (expected: numbers of 8 bits or more, or strings)");
    }
}
