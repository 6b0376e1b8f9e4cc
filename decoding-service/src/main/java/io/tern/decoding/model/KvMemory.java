package io.tern.decoding.model;

import io.tern.onnx.LazyMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Keys and values of one sequence. */
sealed interface KvMemory extends AutoCloseable permits HostKvMemory, InPlaceKvMemory {
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

    /**
     * Copies what is at some positions to others, end to end.
     *
     * @param from ascending, none before the place that it goes to
     */
    void move(int[] from, int to);

    /** Copies some positions out: for each tensor and head one row behind the other. */
    void copy(int from, int positions, MemorySegment into);

    /** The reverse of {@link #copy}. */
    void paste(MemorySegment rows, int at, int positions);

    /** Whether the first positions are the same, bit by bit. */
    boolean sameBits(KvMemory other, int positions);

    @Override
    void close();
}
