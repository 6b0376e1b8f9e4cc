package io.tern.decoding.draft;

import io.tern.decoding.model.HiddenStates;

/** Guesses at the next tokens of one sequence. Owned by it, and called by one thread at a time. */
public interface Drafter extends AutoCloseable {
    /** Within the limits of the context; {@link Draft#NONE} if there is nothing to guess from. */
    Draft draft(DraftContext context);

    /**
     * Settled tokens that it has to read before it can draft so deep; 0 for those that compute nothing over the text.
     *
     * @param tokens all that is settled
     */
    default int unread(TokenSequence tokens, int depth) {
        return 0;
    }

    /** Told after each step what became of its draft, an empty one or another's included. */
    default void observe(Verdict verdict) {}

    /**
     * Told of all tokens that the target has run and that stand, prompt included, in order and each once.
     *
     * @param first index in the sequence of the token that row 0 belongs to
     * @param states what the target knows after each of them; valid during the call only
     */
    default void settled(int first, HiddenStates states) {}

    /** Gives back what it holds; idempotent. */
    @Override
    default void close() {}
}
