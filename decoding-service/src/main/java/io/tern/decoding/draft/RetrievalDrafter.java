package io.tern.decoding.draft;

import org.jspecify.annotations.Nullable;

/**
 * Drafts what followed the last tokens elsewhere: in this text, in what its tenant had written before, and in a corpus. The places with the
 * longest match count, the most frequent continuations make the draft. He et al. 2024 (REST), with the corpus for
 * a datastore.
 */
public final class RetrievalDrafter implements Drafter {
    private static final int LONGEST_ENDING = 16;

    private final RetrievalStore store;
    private final @Nullable String tenant;
    private final TokenArchive own;
    private @Nullable TokenSequence tokens;
    private int prompt;

    RetrievalDrafter(RetrievalStore store, Drafters.Text text) {
        this.store = store;
        this.tenant = text.tenant();
        this.own = new TokenArchive(text.capacityTokens() + LONGEST_ENDING);
    }

    @Override
    public Draft draft(DraftContext context) {
        TokenSequence text = context.tokens();
        if (tokens == null) {
            tokens = text;
            prompt = text.length();
        }
        while (own.length() < text.length()) {
            own.add(text.get(own.length()));
        }
        int[] ending = text.slice(Math.max(0, text.length() - LONGEST_ENDING), text.length());
        RetrievalStore.Match here = RetrievalStore.match(own, ending, context.maxDepth());
        RetrievalStore.Match elsewhere = store.continuations(tenant, ending, context.maxDepth());
        RetrievalStore.Match better = here.length() >= elsewhere.length() ? here : elsewhere;
        return better.trie()
                .mostFrequent(context.tree() ? context.maxNodes() : context.maxDepth(), context.tree())
                .matching(better.length());
    }

    /** What was written is for its tenant's later texts to draft from. */
    @Override
    public void close() {
        TokenSequence text = tokens;
        tokens = null;
        if (text != null && tenant != null) {
            store.add(tenant, text, prompt);
        }
    }
}
