package io.tern.decoding.draft;

/**
 * What a model wrote before in this process, the most recent part of it, for {@link RetrievalDrafter}s. Only ever guessed
 * from: a text does not depend on it. Safe for use by many threads.
 */
public final class RetrievalStore {
    /** Tokens; three integers each. */
    private static final int CAPACITY = 1 << 18;

    private final TokenArchive archive = new TokenArchive(CAPACITY);

    /** Takes in a text, {@code tokens[from..]}. */
    synchronized void add(TokenSequence tokens, int from) {
        for (int i = from; i < tokens.length(); i++) {
            archive.add(tokens.get(i));
        }
        archive.endText();
    }

    synchronized int continuations(int[] ending, int depth, ContinuationTrie trie) {
        return archive.continuations(ending, depth, trie);
    }
}
