package io.tern.decoding.model;

import io.tern.onnx.LazyMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of {@link #TOKENS} tokens, behind those of the block before. All but the memory is guarded by the lock of
 * its {@link PrefixStore}.
 */
final class PrefixBlock {
    static final int TOKENS = 16;

    final Map<List<Integer>, PrefixBlock> next = new HashMap<>();
    final @Nullable PrefixBlock before;
    final List<Integer> tokens;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final KvBudget.Reservation reservation;
    /** How many copy from it or put a block behind it. */
    int users;

    long lastUse;

    /** Takes over the reservation. */
    PrefixBlock(@Nullable PrefixBlock before, List<Integer> tokens, long bytes, KvBudget.Reservation reservation) {
        this.before = before;
        this.tokens = List.copyOf(tokens);
        this.reservation = reservation;
        try {
            this.memory = LazyMemory.zeros(arena, bytes, Float.BYTES);
        } catch (RuntimeException | Error e) {
            free();
            throw e;
        }
    }

    MemorySegment memory() {
        return memory;
    }

    void free() {
        arena.close();
        reservation.close();
    }
}
