package io.tern.decoding.verify;

import io.tern.decoding.draft.Draft;
import io.tern.decoding.model.Logits;

/**
 * Chooses the token that comes behind a node of a draft. If that token was drafted there, it is accepted and the rule is
 * asked again behind it; else it is the target's own and ends the step. Owned by one sequence.
 */
@FunctionalInterface
public interface Acceptance {
    /**
     * @param node whose successor is wanted; {@link io.tern.decoding.tree.TokenTree#ROOT} for the first token
     * @param target row {@code node + 1} has the logits of that place
     * @param place of the token in the output, from 0
     */
    int choose(Draft draft, int node, Logits target, int place);
}
