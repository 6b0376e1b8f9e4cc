package io.tern.decoding.draft;

/** Guesses at the next tokens of one sequence. Owned by it, and called by one thread at a time. */
public interface Drafter {
    /** At most {@code context.maxDraft()} tokens; none if there is nothing to guess from. */
    Draft draft(DraftContext context);

    /** Told after each step what became of the draft, an empty one included. */
    default void observe(Verdict verdict) {}
}
