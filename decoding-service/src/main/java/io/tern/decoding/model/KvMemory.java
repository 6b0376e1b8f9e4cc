package io.tern.decoding.model;

import io.tern.onnx.Binding;
import io.tern.onnx.Tensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of one sequence in native memory, where the attention updates them in place. */
final class KvMemory implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final KvLayout layout;
    private final List<Tensor> tensors = new ArrayList<>();

    /** Where tensors of keys and values come from. */
    @FunctionalInterface
    interface Allocation {
        /** Zeros, which end with the arena. */
        Tensor allocate(Arena arena, Shape shape);
    }

    /** @param positions that fit */
    KvMemory(Allocation allocation, KvLayout layout, int positions) {
        this.layout = layout;
        try {
            for (int i = 0; i < layout.tensors(); i++) {
                tensors.add(allocation.allocate(arena, layout.shape(positions)));
            }
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** As the keys and values of a slot. */
    void bind(Binding binding, int slot) {
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            binding.input(KvLayout.past(slot, i), tensor).output(KvLayout.present(slot, i), tensor);
        }
    }

    /** Copies what is at one position to another. */
    void move(int from, int to) {
        long rowBytes = layout.rowBytes();
        for (int i = 0; i < tensors.size(); i++) {
            for (int h = 0; h < layout.heads(); h++) {
                MemorySegment head = head(i, h);
                MemorySegment.copy(head, from * rowBytes, head, to * rowBytes, rowBytes);
            }
        }
    }

    /** Of so many positions. */
    long bytesOf(int positions) {
        return layout.totalBytes(positions);
    }

    /** Copies some positions out: for each tensor and head one row behind the other. */
    void copy(int from, int positions, MemorySegment into) {
        long bytes = positions * layout.rowBytes();
        long at = 0;
        for (int i = 0; i < tensors.size(); i++) {
            for (int h = 0; h < layout.heads(); h++) {
                MemorySegment.copy(head(i, h), from * layout.rowBytes(), into, at, bytes);
                at += bytes;
            }
        }
    }

    /** The reverse of {@link #copy}. */
    void paste(MemorySegment rows, int at, int positions) {
        long bytes = positions * layout.rowBytes();
        long from = 0;
        for (int i = 0; i < tensors.size(); i++) {
            for (int h = 0; h < layout.heads(); h++) {
                MemorySegment.copy(rows, from, head(i, h), at * layout.rowBytes(), bytes);
                from += bytes;
            }
        }
    }

    /** Whether the first positions are the same, bit by bit. */
    boolean sameBits(KvMemory other, int positions) {
        long bytes = layout.rowBytes() * positions;
        for (int i = 0; i < tensors.size(); i++) {
            for (int head = 0; head < layout.heads(); head++) {
                MemorySegment mine = head(i, head).asSlice(0, bytes);
                if (mine.mismatch(other.head(i, head).asSlice(0, bytes)) >= 0) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        arena.close();
    }

    MemorySegment head(int tensor, int head) {
        MemorySegment all = tensors.get(tensor).segment();
        long stride = all.byteSize() / layout.heads();
        return all.asSlice(head * stride, stride);
    }
}
