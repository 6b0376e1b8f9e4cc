package io.tern.decoding.gguf;

import java.lang.foreign.MemorySegment;

/** One way to store a block. */
@FunctionalInterface
interface BlockDecoder {
    /**
     * @param at where the block begins
     * @param first place of its first element
     */
    void decode(MemorySegment row, long at, float[] into, int first);
}
