package io.tern.decoding.model;

import java.lang.foreign.MemorySegment;

/** Keys and values in native memory of this machine. */
sealed interface HostKvMemory extends KvMemory permits FixedKvMemory, GrowingKvMemory {
    /** The rows of a head, one for each position, end to end. */
    MemorySegment head(int tensor, int head);

    @Override
    default void move(int[] from, int to) {
        for (int i = 0; i < from.length; i++) {
            if (from[i] != to + i) {
                move(from[i], to + i);
            }
        }
    }

    private void move(int from, int to) {
        long rowBytes = layout().rowBytes();
        for (int i = 0; i < layout().tensors(); i++) {
            for (int h = 0; h < layout().heads(); h++) {
                MemorySegment head = head(i, h);
                MemorySegment.copy(head, from * rowBytes, head, to * rowBytes, rowBytes);
            }
        }
    }

    @Override
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

    @Override
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

    @Override
    default boolean sameBits(KvMemory other, int positions) {
        HostKvMemory theirs = (HostKvMemory) other; // of the same graph
        long bytes = layout().rowBytes() * positions;
        for (int i = 0; i < layout().tensors(); i++) {
            for (int head = 0; head < layout().heads(); head++) {
                MemorySegment mine = head(i, head).asSlice(0, bytes);
                if (mine.mismatch(theirs.head(i, head).asSlice(0, bytes)) >= 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
