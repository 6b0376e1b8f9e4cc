package io.tern.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Float32 values in row-major order over native memory, so that a session can be run on them without a copy. The arena
 * that it was allocated from owns the memory. Not safe for writes by several threads.
 */
public final class FloatTensor {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    /** Vector kernels read whole cache lines. */
    private static final long ALIGNMENT_BYTES = 64;

    private final MemorySegment segment;
    private final Shape shape;

    private FloatTensor(MemorySegment segment, Shape shape) {
        this.segment = segment;
        this.shape = shape;
    }

    /** Zeros. */
    public static FloatTensor allocate(Arena arena, Shape shape) {
        return new FloatTensor(arena.allocate(Math.max(4, shape.size() * 4), ALIGNMENT_BYTES), shape);
    }

    /** A view of memory that the caller keeps alive. */
    public static FloatTensor over(MemorySegment segment, Shape shape) {
        long expected = shape.size() * 4;
        if (segment.byteSize() < expected) {
            throw new IllegalArgumentException(
                    "segment: " + segment.byteSize() + " bytes (expected: " + expected + " for " + shape + ")");
        }
        return new FloatTensor(segment, shape);
    }

    public static FloatTensor copyOf(Arena arena, Shape shape, float[] values) {
        if (values.length != shape.size()) {
            throw new IllegalArgumentException("values: " + values.length + " (expected: " + shape.size() + ")");
        }
        FloatTensor tensor = allocate(arena, shape);
        MemorySegment.copy(values, 0, tensor.segment, FLOAT, 0, values.length);
        return tensor;
    }

    public Shape shape() {
        return shape;
    }

    public MemorySegment segment() {
        return segment;
    }

    public long size() {
        return shape.size();
    }

    public float get(long index) {
        return segment.getAtIndex(FLOAT, index);
    }

    public void set(long index, float value) {
        segment.setAtIndex(FLOAT, index, value);
    }

    /** The same memory read with another shape of the same size. */
    public FloatTensor reshape(Shape other) {
        if (other.size() != shape.size()) {
            throw new IllegalArgumentException("shape: " + other + " (expected: " + shape.size() + " elements)");
        }
        return new FloatTensor(segment, other);
    }

    /** Row {@code index} of the first dimension, sharing this tensor's memory; it keeps a first dimension of 1. */
    public FloatTensor row(long index) {
        Shape rowShape = shape.withFirst(1);
        long bytes = rowShape.size() * 4;
        return new FloatTensor(segment.asSlice(index * bytes, bytes), rowShape);
    }

    public FloatTensor copyFrom(FloatTensor source) {
        requireSameSize(source);
        MemorySegment.copy(source.segment, 0, segment, 0, size() * 4);
        return this;
    }

    public FloatTensor copy(Arena arena) {
        return allocate(arena, shape).copyFrom(this);
    }

    public float[] toArray() {
        float[] values = new float[Math.toIntExact(size())];
        MemorySegment.copy(segment, FLOAT, 0, values, 0, values.length);
        return values;
    }

    private void requireSameSize(FloatTensor other) {
        if (other.size() != size()) {
            throw new IllegalArgumentException(
                    "shape: " + other.shape + " (expected: as many elements as " + shape + ")");
        }
    }
}
