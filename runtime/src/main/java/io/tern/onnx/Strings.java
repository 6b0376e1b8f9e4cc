package io.tern.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Tensors of strings. Their native value owns each string, so they are copied in and out. Outside they stand one behind the
 * other, outermost dimension first: the length of each in four bytes, little-endian, and its bytes, which are UTF-8 where
 * they are text.
 */
public final class Strings {
    private static final ValueLayout.OfInt LENGTH = JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Strings() {}

    /** @throws IllegalArgumentException if there are more or fewer strings than the shape has, or one goes beyond the end */
    public static Tensor copyOf(OnnxRuntime runtime, Arena arena, Shape shape, MemorySegment strings) {
        OrtApi api = runtime.api();
        try (Arena call = Arena.ofConfined()) {
            MemorySegment out = call.allocate(ADDRESS);
            api.call(
                    OrtFunction.CREATE_TENSOR_AS_ORT_VALUE,
                    runtime.allocator(),
                    call.allocateFrom(JAVA_LONG, shape.toArray()),
                    shape.rank(),
                    ElementType.STRING.onnxCode(),
                    out);
            MemorySegment value = api.own(arena, out.get(ADDRESS, 0), OrtFunction.RELEASE_VALUE);
            long at = 0;
            for (long index = 0; index < shape.size(); index++) {
                int length = lengthAt(strings, at);
                api.call(OrtFunction.GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER, value, index, length, out);
                MemorySegment own = out.get(ADDRESS, 0).reinterpret(length);
                MemorySegment.copy(strings, at + LENGTH.byteSize(), own, 0, length);
                at += LENGTH.byteSize() + length;
            }
            requireEnd(strings, at, shape);
            return new Tensor(value, MemorySegment.NULL, ElementType.STRING, shape);
        }
    }

    private static int lengthAt(MemorySegment strings, long at) {
        long left = strings.byteSize() - at - LENGTH.byteSize();
        int length = left < 0 ? -1 : strings.get(LENGTH, at);
        if (length < 0 || length > left) {
            throw new IllegalArgumentException(
                    "strings: a string at byte " + at + " of " + strings.byteSize() + " (expected: a whole one)");
        }
        return length;
    }

    private static void requireEnd(MemorySegment strings, long at, Shape shape) {
        if (at != strings.byteSize()) {
            throw new IllegalArgumentException("strings: " + (strings.byteSize() - at) + " bytes more (expected: "
                    + shape.size() + " strings for " + shape + ")");
        }
    }

    /** A copy in memory of the arena. */
    public static MemorySegment of(OnnxRuntime runtime, Tensor tensor, Arena arena) {
        if (tensor.type() != ElementType.STRING) {
            throw new IllegalArgumentException("tensor: " + tensor.type() + " (expected: STRING)");
        }
        int count = Math.toIntExact(tensor.shape().size());
        if (count == 0) {
            return MemorySegment.NULL;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment size = call.allocate(JAVA_LONG);
            runtime.api().call(OrtFunction.GET_STRING_TENSOR_DATA_LENGTH, tensor.value(), size);
            long sizeBytes = size.get(JAVA_LONG, 0);
            MemorySegment bytes = call.allocate(Math.max(1, sizeBytes));
            MemorySegment starts = call.allocate(JAVA_LONG, count);
            runtime.api().call(OrtFunction.GET_STRING_TENSOR_CONTENT, tensor.value(), bytes, sizeBytes, starts, (long)
                    count);
            return withLengths(bytes, sizeBytes, starts.toArray(JAVA_LONG), arena);
        }
    }

    private static MemorySegment withLengths(MemorySegment bytes, long sizeBytes, long[] starts, Arena arena) {
        MemorySegment strings = arena.allocate(sizeBytes + starts.length * LENGTH.byteSize());
        long at = 0;
        for (int index = 0; index < starts.length; index++) {
            long end = index + 1 < starts.length ? starts[index + 1] : sizeBytes;
            long length = end - starts[index];
            strings.set(LENGTH, at, Math.toIntExact(length));
            MemorySegment.copy(bytes, starts[index], strings, at + LENGTH.byteSize(), length);
            at += LENGTH.byteSize() + length;
        }
        return strings;
    }
}
