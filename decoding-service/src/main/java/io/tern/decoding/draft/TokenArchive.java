package io.tern.decoding.draft;

import java.util.Arrays;

/**
 * Texts of tokens in which the places where some tokens stand are found at once: hash chains as in LZ77, over three tokens.
 * Holds so many tokens that it never takes more memory than at first; when it is full its older half is forgotten. Not safe
 * for use by several threads.
 */
public final class TokenArchive {
    private static final int GRAM = 3;
    /** Ends a text; no token is negative. */
    private static final int BREAK = -1;
    /** Places looked at, the most recent first. */
    private static final int MOST_PLACES = 48;

    private static final int LONGEST_MATCH = 16;

    private final int[] tokens;
    /** The place before with the same hash, or -1. */
    private final int[] before;
    /** The last place of each hash, or -1. */
    private final int[] last;

    private int length;

    /** @param capacity tokens, at least 16 */
    public TokenArchive(int capacity) {
        if (capacity < LONGEST_MATCH) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: at least " + LONGEST_MATCH + ")");
        }
        tokens = new int[capacity];
        before = new int[capacity];
        last = new int[Integer.highestOneBit(capacity) * 2];
        Arrays.fill(last, -1);
    }

    public int length() {
        return length;
    }

    public void add(int token) {
        if (length == tokens.length) {
            forget();
        }
        append(token);
    }

    public void endText() {
        add(BREAK);
    }

    /**
     * Adds what followed the longest matches of the last tokens to a trie.
     *
     * @param ending the last tokens of a text; fewer than three match nothing
     * @return length of the longest match, 0 if there is none
     */
    int continuations(int[] ending, int depth, ContinuationTrie trie) {
        if (ending.length < GRAM) {
            return 0;
        }
        int[] places = new int[MOST_PLACES];
        int[] matched = new int[MOST_PLACES];
        int count = 0;
        int longest = 0;
        int place = last[hash(ending, ending.length)];
        for (int i = 0; place >= 0 && i < MOST_PLACES; i++, place = before[place]) {
            int match = match(place, ending);
            if (match >= GRAM && place + 1 < length && tokens[place + 1] != BREAK) {
                places[count] = place;
                matched[count++] = match;
                longest = Math.max(longest, match);
            }
        }
        for (int i = 0; i < count; i++) {
            if (matched[i] == longest) {
                trie.add(tokens, places[i] + 1, Math.min(length, places[i] + 1 + depth));
            }
        }
        return longest;
    }

    /** How many tokens up to a place are the same as at the end of the text. */
    private int match(int place, int[] ending) {
        int match = 0;
        int most = Math.min(LONGEST_MATCH, Math.min(ending.length, place + 1));
        while (match < most && tokens[place - match] == ending[ending.length - 1 - match]) {
            match++;
        }
        return match;
    }

    private void append(int token) {
        tokens[length] = token;
        before[length] = -1;
        if (token != BREAK && length + 1 >= GRAM) {
            int hash = hash(tokens, length + 1);
            before[length] = last[hash];
            last[hash] = length;
        }
        length++;
    }

    private void forget() {
        int[] kept = Arrays.copyOfRange(tokens, length / 2, length);
        Arrays.fill(last, -1);
        length = 0;
        for (int token : kept) {
            append(token);
        }
    }

    private int hash(int[] text, int end) {
        int hash = 0;
        for (int i = end - GRAM; i < end; i++) {
            hash = (hash + text[i] + 1) * 0x9e3779b1;
        }
        return hash >>> Integer.numberOfLeadingZeros(last.length - 1) & last.length - 1;
    }
}
