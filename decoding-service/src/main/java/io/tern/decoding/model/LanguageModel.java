package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.base.Work;
import io.tern.decoding.tree.TokenTree;
import java.util.Optional;

/**
 * One target model; a forward runs all tokens of one step of one sequence. Safe for use by many threads; a
 * {@link KvCache} belongs to one sequence and one thread at a time.
 */
public interface LanguageModel extends AutoCloseable {
    ModelInfo info();

    /** What runs take by their number of tokens; empty if that was not measured. */
    default Optional<StepCosts> costs() {
        return Optional.empty();
    }

    /** How many sequences have a cache now, in which a run of one costs more for each other. */
    default int sequences() {
        return 1;
    }

    /**
     * An empty cache with room for so many tokens, at once: for who holds one already, as all could wait for each other.
     *
     * @throws TernException OVERLOADED if the memory for caches is used up; INVALID_ARGUMENT beyond the context length, or
     *     if it takes more than all of that memory
     */
    KvCache newCache(int capacityTokens);

    /**
     * The same once there is memory. Forwards of the cache have their turn by its work.
     *
     * @param work what is no call leaves calls most of the memory
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED; INVALID_ARGUMENT as above
     */
    default KvCache newCache(int capacityTokens, Work work, Cancellation cancellation) {
        return newCache(capacityTokens);
    }

    /**
     * Fills an empty cache with what is known of a text's beginning from texts before. Where a model is bit-exact, these are
     * the bits that a run would give.
     *
     * @param tenant only its own texts count
     * @return how many tokens the cache holds now; less than all
     */
    default int recall(KvCache cache, String tenant, int[] text) {
        return 0;
    }

    /**
     * Keeps what a cache holds for texts that begin in the same way.
     *
     * @param text the tokens in the cache
     */
    default void remember(KvCache cache, String tenant, int[] text) {}

    /**
     * Runs tokens after the first {@code cache.length()} ones. Does not advance the cache: the caller
     * {@linkplain KvCache#commit commits} those of the tokens that it keeps.
     *
     * @param rows for how many of the last tokens logits are returned, 0..tokens.size()
     * @return valid until the next forward on the same cache
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED, also in the middle of the run
     */
    StepOutput forward(KvCache cache, TokenTree tokens, int rows, Cancellation cancellation);

    /** The logits of a chain of tokens. */
    default Logits forward(KvCache cache, int[] chain, int rows, Cancellation cancellation) {
        return forward(cache, TokenTree.chain(chain), rows, cancellation).logits();
    }

    @Override
    void close();
}
