package io.tern.decoding.draft;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Texts to draft from: a corpus that all share, and what each tenant had written before in this process, the most recent
 * part of it. A tenant's drafts never hold what another's texts said. Only ever guessed from: a text does not depend on it.
 * Safe for use by many threads.
 */
public final class RetrievalStore {
    /** Tokens of a tenant; three integers each. */
    private static final int CAPACITY = 1 << 18;

    private static final int MOST_TENANTS = 8;

    private final @Nullable TokenArchive corpus;
    private final SequencedMap<String, TokenArchive> written = new LinkedHashMap<>();

    /** Without a corpus. */
    public RetrievalStore() {
        this(null);
    }

    /** @param corpus not to be changed any more; null: none */
    public RetrievalStore(@Nullable TokenArchive corpus) {
        this.corpus = corpus;
    }

    /** Takes in a text, {@code tokens[from..]}. */
    synchronized void add(String tenant, TokenSequence tokens, int from) {
        TokenArchive archive = written.remove(tenant);
        if (archive == null) {
            archive = new TokenArchive(CAPACITY);
        }
        written.putLast(tenant, archive);
        if (written.size() > MOST_TENANTS) {
            written.pollFirstEntry();
        }
        for (int i = from; i < tokens.length(); i++) {
            archive.add(tokens.get(i));
        }
        archive.endText();
    }

    /** What followed the longest match, the tenant's own texts before the corpus. */
    synchronized Match continuations(@Nullable String tenant, int[] ending, int depth) {
        Match own = match(tenant == null ? null : written.get(tenant), ending, depth);
        Match common = match(corpus, ending, depth);
        return own.length() >= common.length() ? own : common;
    }

    /** @param length of the match, 0 if there is none */
    record Match(int length, ContinuationTrie trie) {}

    static Match match(@Nullable TokenArchive archive, int[] ending, int depth) {
        ContinuationTrie trie = new ContinuationTrie();
        return new Match(archive == null ? 0 : archive.continuations(ending, depth, trie), trie);
    }
}
