package io.tern.embedding;

import io.tern.base.Cancellation;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;

/** A transformer over tokens that reads a text as a whole. Safe for several threads; call it on a platform thread. */
@FunctionalInterface
public interface TokenNetwork extends AutoCloseable {
    /**
     * @param texts token ids, all of one length, so that none needs padding
     * @param arena holds the result
     * @return hidden states: [texts, tokens, width]
     */
    FloatTensor hiddenStates(List<int[]> texts, Arena arena, Cancellation cancellation);

    /** Frees what it holds; nothing may run it then. */
    @Override
    default void close() {}
}
