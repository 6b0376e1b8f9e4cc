package io.tern.decoding.model;

import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for a graph that reads a past of just so many positions and writes a present of past and new ones: each run reads
 * one of two buffers and writes the other, which the next run reads. What is not kept of a present is closed up before.
 */
final class GrowingKvMemory implements HostKvMemory {
    private final Arena arena = Arena.ofShared();
    private final KvLayout layout;
    private List<MemorySegment> past;
    private List<MemorySegment> present;
    /** Positions that each head has in {@link #past}. */
    private int stride;

    /** @param positions that fit */
    GrowingKvMemory(Allocation allocation, KvLayout layout, int positions) {
        this.layout = layout;
        this.stride = positions;
        try {
            this.past = buffers(allocation, positions);
            this.present = buffers(allocation, positions);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** What two buffers of so many positions take. */
    static long totalBytes(KvLayout layout, int positions) {
        return 2 * layout.totalBytes(positions);
    }

    private List<MemorySegment> buffers(Allocation allocation, int positions) {
        List<MemorySegment> buffers = new ArrayList<>();
        for (int i = 0; i < layout.tensors(); i++) {
            buffers.add(allocation.allocate(arena, layout.tensorBytes(positions)));
        }
        return buffers;
    }

    @Override
    public KvLayout layout() {
        return layout;
    }

    @Override
    public MemorySegment head(int tensor, int head) {
        long bytes = stride * layout.rowBytes();
        return past.get(tensor).asSlice(head * bytes, bytes);
    }

    /** Keeps the first positions of each head alone, as a run is to read them. */
    void closeUp(int positions) {
        if (positions == stride) {
            return;
        }
        long kept = positions * layout.rowBytes();
        for (int i = 0; i < layout.tensors(); i++) {
            for (int h = 0; h < layout.heads(); h++) {
                MemorySegment.copy(head(i, h), 0, past.get(i), h * kept, kept); // may overlap: to the front
            }
        }
        stride = positions;
    }

    /** What the next run reads; of no positions an empty tensor. */
    Tensor past(OnnxRuntime runtime, Arena run, int index) {
        return Tensor.over(runtime, run, past.get(index), layout.type(), layout.shape(stride));
    }

    /** Where the next run writes. */
    Tensor present(OnnxRuntime runtime, Arena run, int index, int positions) {
        return Tensor.over(runtime, run, present.get(index), layout.type(), layout.shape(positions));
    }

    /** The run has written so many. */
    void swap(int positions) {
        List<MemorySegment> written = present;
        present = past;
        past = written;
        stride = positions;
    }

    @Override
    public void close() {
        arena.close();
    }
}
