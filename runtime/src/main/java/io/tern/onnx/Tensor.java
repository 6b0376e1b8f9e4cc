package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A value that sessions read and write: a native {@code OrtValue} over memory, in row-major order, that is not copied. It
 * belongs to an arena and ends with it. The memory may be another arena's; both must be open while the tensor is bound, and
 * neither may be closed during a run. A tensor of a confined arena can be made and bound by its own thread only.
 */
public final class Tensor {
    private static final long ALIGNMENT_BYTES = 64;

    private final MemorySegment value;
    private final MemorySegment data;
    private final ElementType type;
    private final Shape shape;

    /** @param data {@link MemorySegment#NULL} if it is not in this machine's own memory, or has strings */
    Tensor(MemorySegment value, MemorySegment data, ElementType type, Shape shape) {
        this.value = value;
        this.data = data;
        this.type = type;
        this.shape = shape;
    }

    /** A tensor over the first bytes of native memory, which is neither copied nor owned. */
    public static Tensor over(OnnxRuntime runtime, Arena arena, MemorySegment data, ElementType type, Shape shape) {
        requireMemory(data, type, shape);
        try (Arena call = Arena.ofConfined()) {
            MemorySegment out = call.allocate(ADDRESS);
            MemorySegment dimensions = call.allocateFrom(JAVA_LONG, shape.toArray());
            runtime.api()
                    .call(
                            OrtFunction.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE,
                            runtime.hostMemory(),
                            data,
                            sizeBytes(type, shape),
                            dimensions,
                            shape.rank(),
                            type.onnxCode(),
                            out);
            MemorySegment value = runtime.api().own(arena, out.get(ADDRESS, 0), OrtFunction.RELEASE_VALUE);
            return new Tensor(value, data.asSlice(0, sizeBytes(type, shape)), type, shape);
        }
    }

    /** Zeros, in memory of the arena. */
    public static Tensor allocate(OnnxRuntime runtime, Arena arena, ElementType type, Shape shape) {
        MemorySegment data = arena.allocate(Math.max(1, sizeBytes(type, shape)), ALIGNMENT_BYTES);
        return over(runtime, arena, data, type, shape);
    }

    /** The same memory as the float tensor's. */
    public static Tensor of(OnnxRuntime runtime, Arena arena, FloatTensor floats) {
        return over(runtime, arena, floats.segment(), ElementType.FLOAT32, floats.shape());
    }

    public static Tensor copyOf(OnnxRuntime runtime, Arena arena, Shape shape, float... values) {
        return copyOf(runtime, arena, ElementType.FLOAT32, shape, MemorySegment.ofArray(values));
    }

    public static Tensor copyOf(OnnxRuntime runtime, Arena arena, Shape shape, long... values) {
        return copyOf(runtime, arena, ElementType.INT64, shape, MemorySegment.ofArray(values));
    }

    public static Tensor copyOf(OnnxRuntime runtime, Arena arena, Shape shape, int... values) {
        return copyOf(runtime, arena, ElementType.INT32, shape, MemorySegment.ofArray(values));
    }

    /** UINT8 */
    public static Tensor copyOf(OnnxRuntime runtime, Arena arena, Shape shape, byte... values) {
        return copyOf(runtime, arena, ElementType.UINT8, shape, MemorySegment.ofArray(values));
    }

    public ElementType type() {
        return type;
    }

    public Shape shape() {
        return shape;
    }

    /** On a device its elements can only be read by a session: bind an output to the host to see them. */
    public boolean isOnDevice() {
        // Of nothing there is no memory anywhere; strings are always here.
        return data.address() == 0 && shape.size() > 0 && type != ElementType.STRING;
    }

    /** The memory itself, little-endian on all machines that we run on. */
    public MemorySegment segment() {
        if (isOnDevice()) {
            throw new IllegalStateException("tensor: on a device (expected: in this machine's own memory)");
        }
        if (type == ElementType.STRING) {
            throw new IllegalStateException("tensor: STRING (expected: numbers; Strings reads it)");
        }
        return data;
    }

    /** The same memory as float32 values. */
    public FloatTensor floats() {
        if (type != ElementType.FLOAT32) {
            throw new IllegalStateException("tensor: " + type + " (expected: FLOAT32)");
        }
        return FloatTensor.over(segment(), shape);
    }

    /** A copy of INT64 values. */
    public long[] toLongs() {
        if (type != ElementType.INT64) {
            throw new IllegalStateException("tensor: " + type + " (expected: INT64)");
        }
        return segment().toArray(ValueLayout.JAVA_LONG);
    }

    @Override
    public String toString() {
        return type + " " + shape + (isOnDevice() ? " on a device" : "");
    }

    MemorySegment value() {
        return value;
    }

    /** @throws IllegalStateException if what it stands on is closed */
    void requireAlive(String name) {
        if (!value.scope().isAlive() || !data.scope().isAlive()) {
            throw new IllegalStateException(name + ": the tensor's arena is closed");
        }
    }

    static long sizeBytes(ElementType type, Shape shape) {
        return Math.multiplyExact(shape.size(), type.sizeBytes());
    }

    private static Tensor copyOf(
            OnnxRuntime runtime, Arena arena, ElementType type, Shape shape, MemorySegment values) {
        if (values.byteSize() != sizeBytes(type, shape)) {
            throw new IllegalArgumentException("values: " + values.byteSize() / type.sizeBytes() + " (expected: "
                    + shape.size() + " for " + shape + ")");
        }
        Tensor tensor = allocate(runtime, arena, type, shape);
        tensor.data.copyFrom(values);
        return tensor;
    }

    private static void requireMemory(MemorySegment data, ElementType type, Shape shape) {
        if (!data.isNative()) {
            throw new IllegalArgumentException("data: on the Java heap (expected: native memory)");
        }
        if (data.byteSize() < sizeBytes(type, shape)) {
            throw new IllegalArgumentException("data: " + data.byteSize() + " bytes (expected: "
                    + sizeBytes(type, shape) + " for " + type + " " + shape + ")");
        }
        if (data.address() == 0 || data.address() % type.sizeBytes() != 0) {
            throw new IllegalArgumentException("data: at " + Long.toHexString(data.address())
                    + " (expected: aligned to " + type.sizeBytes() + " bytes)");
        }
    }
}
