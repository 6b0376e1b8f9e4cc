package io.tern.decoding.draft;

import java.util.Arrays;

/**
 * What the target model made of a draft: its first {@code accepted} tokens stand, then comes one token of the target's
 * own (recovered if a drafted token was turned down, bonus if all were accepted). Immutable.
 */
public final class Verdict {
    private final Draft draft;
    private final int accepted;
    private final int[] tokens;

    /** @param tokens the settled ones: the accepted drafts and one more */
    public Verdict(Draft draft, int... tokens) {
        if (tokens.length < 1 || tokens.length > draft.length() + 1) {
            throw new IllegalArgumentException(
                    "tokens: " + tokens.length + " (expected: 1.." + (draft.length() + 1) + ")");
        }
        this.draft = draft;
        this.accepted = tokens.length - 1;
        this.tokens = tokens.clone();
    }

    public Draft draft() {
        return draft;
    }

    public int accepted() {
        return accepted;
    }

    /** Settled tokens: {@code accepted() + 1}. */
    public int length() {
        return tokens.length;
    }

    public int token(int index) {
        return tokens[index];
    }

    @Override
    public String toString() {
        return "Verdict[" + draft + ", accepted=" + accepted + ", tokens=" + Arrays.toString(tokens) + "]";
    }
}
