package io.tern.decoding;

import io.tern.decoding.draft.DrafterKind;
import java.time.Duration;
import java.util.List;

/**
 * What a text took.
 *
 * @param cachedTokens of the prompt, whose keys and values were there from texts before
 * @param completionTokens the one that ends the text included
 * @param steps forwards of the target model that settled tokens; the first one also reads the end of the prompt
 * @param acceptedPerPosition drafts accepted at depth 1, 2, ... of the draft
 * @param firstToken from the request to its first token
 */
public record DecodingStats(
        DrafterKind drafter,
        int promptTokens,
        int cachedTokens,
        int completionTokens,
        int steps,
        int draftedTokens,
        int acceptedTokens,
        List<Integer> acceptedPerPosition,
        Duration firstToken,
        Duration total) {
    public DecodingStats {
        acceptedPerPosition = List.copyOf(acceptedPerPosition);
    }

    /** Tokens a forward settles on average, the target's own included: 1 + accepted / steps. */
    public double meanAcceptanceLength() {
        return steps == 0 ? 0 : 1 + (double) acceptedTokens / steps;
    }

    /** accepted / drafted; 0 if nothing was drafted. */
    public double draftAcceptanceRate() {
        return draftedTokens == 0 ? 0 : (double) acceptedTokens / draftedTokens;
    }
}
