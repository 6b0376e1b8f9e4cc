package io.tern.decoding.head;

import io.tern.onnx.LazyMemory;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Keys and values of the rows that a layer has seen: those of settled tokens, then those of the draft in the making. Rows
 * before a window are forgotten, so that a draft costs the same in a long text. Owned by one sequence and its thread.
 */
final class LayerMemory implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final OnnxRuntime runtime;
    private final int width;
    private final int capacity;
    private final MemorySegment keys;
    private final MemorySegment values;
    private int length;

    /** @param capacity rows, at least twice as many as are added at once */
    LayerMemory(OnnxRuntime runtime, int width, int capacity) {
        this.runtime = runtime;
        this.width = width;
        this.capacity = capacity;
        this.keys = LazyMemory.zeros(arena, bytes(capacity), 64);
        this.values = LazyMemory.zeros(arena, bytes(capacity), 64);
    }

    int length() {
        return length;
    }

    Tensor keys(Arena call) {
        return tensor(call, keys);
    }

    Tensor values(Arena call) {
        return tensor(call, values);
    }

    void truncate(int rows) {
        length = rows;
    }

    /** Forgets the older half if so many more rows would not fit. */
    void makeRoom(int rows) {
        if (length + rows > capacity) {
            int kept = Math.min(length, capacity / 2);
            long from = bytes(length - kept);
            keys.copyFrom(keys.asSlice(from, bytes(kept)));
            values.copyFrom(values.asSlice(from, bytes(kept)));
            length = kept;
        }
    }

    /** @param moreKeys [1, T, width], and so the values */
    void append(Tensor moreKeys, Tensor moreValues) {
        int rows = Math.toIntExact(moreKeys.shape().dimension(1));
        MemorySegment.copy(moreKeys.segment(), 0, keys, bytes(length), bytes(rows));
        MemorySegment.copy(moreValues.segment(), 0, values, bytes(length), bytes(rows));
        length += rows;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private Tensor tensor(Arena call, MemorySegment memory) {
        return Tensor.over(runtime, call, memory, ElementType.FLOAT32, Shape.of(1, length, width));
    }

    private long bytes(int rows) {
        return (long) rows * width * Float.BYTES;
    }
}
