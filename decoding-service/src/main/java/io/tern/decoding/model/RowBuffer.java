package io.tern.decoding.model;

import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory for float rows of one width, which a model writes to in step after step. Owned by one cache. */
final class RowBuffer implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final int width;
    private final int capacity;
    private final MemorySegment memory;

    RowBuffer(int width, int capacity) {
        this.width = width;
        this.capacity = capacity;
        this.memory = arena.allocate(bytes(capacity + 1), Float.BYTES); // a tensor of no rows begins inside too
    }

    int width() {
        return width;
    }

    /** This one if it has room for so many rows; else another in its place, without what was in it. */
    RowBuffer withRoom(int rows) {
        if (rows <= capacity) {
            return this;
        }
        RowBuffer larger = new RowBuffer(width, Math.max(rows, 2 * capacity));
        close();
        return larger;
    }

    /** Some of the rows, as a tensor that ends with the arena. */
    Tensor tensor(OnnxRuntime runtime, Arena tensors, int from, int rows) {
        return Tensor.over(runtime, tensors, memory.asSlice(bytes(from)), ElementType.FLOAT32, Shape.of(rows, width));
    }

    void copyRows(int from, int rows, RowBuffer into, int at) {
        MemorySegment.copy(memory, bytes(from), into.memory, bytes(at), bytes(rows));
    }

    MemorySegment segment() {
        return memory;
    }

    @Override
    public void close() {
        arena.close();
    }

    private long bytes(int rows) {
        return (long) rows * width * Float.BYTES;
    }
}
