package io.tern.decoding.draft;

import java.util.Arrays;

/** The tokens of a prompt and of what has been settled behind it. Owned by one sequence; drafters only read it. */
public final class TokenSequence {
    private int[] tokens;
    private int length;

    public TokenSequence(int[] prompt) {
        tokens = Arrays.copyOf(prompt, prompt.length + 64);
        length = prompt.length;
    }

    public int length() {
        return length;
    }

    public int get(int index) {
        return tokens[index];
    }

    public void add(int token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, length * 2);
        }
        tokens[length++] = token;
    }

    /** From {@code start} up to {@code end}, without it. */
    public int[] slice(int start, int end) {
        return Arrays.copyOfRange(tokens, start, end);
    }
}
