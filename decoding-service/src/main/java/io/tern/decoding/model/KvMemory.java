package io.tern.decoding.model;

import io.tern.onnx.LazyMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Keys and values of one sequence in native memory. */
sealed interface KvMemory extends AutoCloseable permits FixedKvMemory, GrowingKvMemory {
    /** Where memory for keys and values comes from. */
    @FunctionalInterface
    interface Allocation {
        /** Of the process, page by page as it is written to. */
        Allocation ORDINARY = (arena, bytes) -> LazyMemory.zeros(arena, bytes, ALIGNMENT_BYTES);

        /** Zeros, which end with the arena; at a multiple of {@link #ALIGNMENT_BYTES}. */
        MemorySegment allocate(Arena arena, long bytes);
    }

    /** As vector kernels like it. */
    long ALIGNMENT_BYTES = 64;

    KvLayout layout();

    /** The rows of a head, one for each position, end to end. */
    MemorySegment head(int tensor, int head);

    /** Copies what is at one position to another. */
    default void move(int from, int to) {
        long rowBytes = layout().rowBytes();
        for (int i = 0; i < layout().tensors(); i++) {
            for (int h = 0; h < layout().heads(); h++) {
                MemorySegment head = head(i, h);
                MemorySegment.copy(head, from * rowBytes, head, to * rowBytes, rowBytes);
            }
        }
    }

    /** Of so many positions. */
    default long bytesOf(int positions) {
        return layout().totalBytes(positions);
    }

    /** Copies some positions out: for each tensor and head one row behind the other. */
    default void copy(int from, int positions, MemorySegment into) {
        long bytes = positions * layout().rowBytes();
        long at = 0;
        for (int i = 0; i < layout().tensors(); i++) {
            for (int h = 0; h < layout().heads(); h++) {
                MemorySegment.copy(head(i, h), from * layout().rowBytes(), into, at, bytes);
                at += bytes;
            }
        }
    }

    /** The reverse of {@link #copy}. */
    default void paste(MemorySegment rows, int at, int positions) {
        long bytes = positions * layout().rowBytes();
        long from = 0;
        for (int i = 0; i < layout().tensors(); i++) {
            for (int h = 0; h < layout().heads(); h++) {
                MemorySegment.copy(rows, from, head(i, h), at * layout().rowBytes(), bytes);
                from += bytes;
            }
        }
    }

    /** Whether the first positions are the same, bit by bit. */
    default boolean sameBits(KvMemory other, int positions) {
        long bytes = layout().rowBytes() * positions;
        for (int i = 0; i < layout().tensors(); i++) {
            for (int head = 0; head < layout().heads(); head++) {
                MemorySegment mine = head(i, head).asSlice(0, bytes);
                if (mine.mismatch(other.head(i, head).asSlice(0, bytes)) >= 0) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    void close();
}
