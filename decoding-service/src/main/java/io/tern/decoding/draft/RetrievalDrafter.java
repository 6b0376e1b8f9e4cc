package io.tern.decoding.draft;

import org.jspecify.annotations.Nullable;

/**
 * Drafts what followed the last tokens elsewhere: in this text, and in what the model wrote before. The places with the
 * longest match count, the most frequent continuations make the draft. He et al. 2024 (REST), with past outputs for a
 * datastore.
 */
public final class RetrievalDrafter implements Drafter {
    private static final int LONGEST_ENDING = 16;

    private final RetrievalStore store;
    private final TokenArchive own;
    private @Nullable TokenSequence tokens;
    private int prompt;

    /** @param capacityTokens as of {@link Drafters.Opening} */
    public RetrievalDrafter(RetrievalStore store, int capacityTokens) {
        this.store = store;
        this.own = new TokenArchive(capacityTokens + LONGEST_ENDING);
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
        ContinuationTrie here = new ContinuationTrie();
        ContinuationTrie elsewhere = new ContinuationTrie();
        int matchedHere = own.continuations(ending, context.maxDepth(), here);
        int matchedElsewhere = store.continuations(ending, context.maxDepth(), elsewhere);
        ContinuationTrie better = matchedHere >= matchedElsewhere ? here : elsewhere;
        return better.mostFrequent(context.tree() ? context.maxNodes() : context.maxDepth(), context.tree());
    }

    /** What was written is for others to draft from. */
    @Override
    public void close() {
        TokenSequence text = tokens;
        tokens = null;
        if (text != null) {
            store.add(text, prompt);
        }
    }
}
