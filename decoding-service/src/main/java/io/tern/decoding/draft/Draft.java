package io.tern.decoding.draft;

import java.util.Arrays;

/** A guess at the tokens that follow, in order. Immutable. */
public final class Draft {
    /** No guess: the step settles one token, the target's own. */
    public static final Draft NONE = new Draft(new int[0]);

    private final int[] tokens;

    private Draft(int[] tokens) {
        this.tokens = tokens;
    }

    public static Draft of(int... tokens) {
        return tokens.length == 0 ? NONE : new Draft(tokens.clone());
    }

    public int length() {
        return tokens.length;
    }

    public int token(int index) {
        return tokens[index];
    }

    public int[] toArray() {
        return tokens.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Draft that && Arrays.equals(tokens, that.tokens);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(tokens);
    }

    @Override
    public String toString() {
        return "Draft" + Arrays.toString(tokens);
    }
}
