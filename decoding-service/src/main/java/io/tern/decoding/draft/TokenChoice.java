package io.tern.decoding.draft;

import org.jspecify.annotations.Nullable;

/** How a drafter that has a distribution of its own picks tokens from it. */
public interface TokenChoice {
    /** The likeliest ones, guessed with certainty. */
    TokenChoice LIKELIEST = new TokenChoice() {
        @Override
        public Picked pick(Candidates candidates, int count) {
            return new Picked(candidates.first(count), null);
        }

        @Override
        public boolean draws() {
            return false;
        }
    };

    /** @param count at most so many different tokens, at least 1 */
    Picked pick(Candidates candidates, int count);

    /** Whether chance decides; then no pick may be dropped because of what it is, or the distribution is another one. */
    boolean draws();

    /**
     * @param candidates indexes, in the order of the picks
     * @param proposal from which they were drawn; null if they were not
     */
    record Picked(int[] candidates, @Nullable Proposal proposal) {}
}
