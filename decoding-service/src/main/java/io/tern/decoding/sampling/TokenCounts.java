package io.tern.decoding.sampling;

import java.util.Arrays;

/**
 * What a sequence has said, and what that lets it say: which tokens were seen in its prompt, how often each was generated,
 * and its constraint. Owned by one sequence.
 */
public final class TokenCounts {
    private final boolean[] seen;
    private final int[] generated;
    private final Constraint constraint;
    private int[] distinct = new int[64];
    private int distinctCount;

    public TokenCounts(int vocabularySize) {
        this(vocabularySize, Constraint.NONE);
    }

    /** @param constraint told each generated token */
    public TokenCounts(int vocabularySize, Constraint constraint) {
        this.constraint = constraint;
        seen = new boolean[vocabularySize];
        generated = new int[vocabularySize];
    }

    public void addPrompt(int token) {
        if (!seen[token]) {
            seen[token] = true;
            if (distinctCount == distinct.length) {
                distinct = Arrays.copyOf(distinct, distinctCount * 2);
            }
            distinct[distinctCount++] = token;
        }
    }

    public void addGenerated(int token) {
        addPrompt(token);
        generated[token]++;
        constraint.accept(token);
    }

    Constraint constraint() {
        return constraint;
    }

    /** Number of different tokens seen; {@link #token} lists them. */
    int distinct() {
        return distinctCount;
    }

    int token(int index) {
        return distinct[index];
    }

    int generated(int token) {
        return generated[token];
    }
}
