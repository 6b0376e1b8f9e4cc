package io.tern.decoding;

import io.tern.decoding.draft.TokenSequence;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import org.jspecify.annotations.Nullable;

/**
 * What a text shares with others of its tenant.
 *
 * @param tenant null: it shares nothing
 */
record Beginning(
        LanguageModel model, KvCache cache, @Nullable String tenant) {
    /** Fills the empty cache as far as the prompt is known, less its last token; returns how far. */
    int recall(TokenSequence tokens) {
        return tenant == null ? 0 : model.recall(cache, tenant, tokens.slice(0, tokens.length()));
    }

    /** Keeps what the cache holds. */
    void remember(TokenSequence tokens) {
        if (tenant != null) {
            model.remember(cache, tenant, tokens.slice(0, cache.length()));
        }
    }
}
