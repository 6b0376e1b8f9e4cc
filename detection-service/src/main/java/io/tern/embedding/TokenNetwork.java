package io.tern.embedding;

import io.tern.base.Cancellation;
import io.tern.detection.network.RawGraph;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;

/** A transformer over tokens that reads a text as a whole. Safe for several threads; call it on a platform thread. */
@FunctionalInterface
public interface TokenNetwork extends AutoCloseable {
    /**
     * @param texts token ids, all of one length, so that none needs padding
     * @param arena holds the result
     * @return hidden states: [texts, tokens, width]
     */
    FloatTensor hiddenStates(List<int[]> texts, Arena arena, Cancellation cancellation);

    /** What it runs in the end, as its file has it; none for a network that is no file. */
    default Optional<RawGraph> graph() {
        return Optional.empty();
    }

    /** Frees what it holds; nothing may run it then. */
    @Override
    default void close() {}
}
