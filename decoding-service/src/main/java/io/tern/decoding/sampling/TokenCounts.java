package io.tern.decoding.sampling;

import java.util.Arrays;

/** Which tokens were seen in a prompt and how often each was generated. Owned by one sequence. */
public final class TokenCounts {
    private final boolean[] seen;
    private final int[] generated;
    private int[] distinct = new int[64];
    private int distinctCount;

    public TokenCounts(int vocabularySize) {
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
