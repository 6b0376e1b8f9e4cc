package io.tern.decoding.verify;

import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.Verdict;
import io.tern.decoding.model.Logits;

/** Decides which drafted tokens stand and which token of the target's own comes behind them. Owned by one sequence. */
@FunctionalInterface
public interface Acceptance {
    /**
     * @param target row i has the logits of the position of drafted token i; one row more than there are drafted tokens
     * @param place of the first of these positions in the output, from 0
     */
    Verdict verify(Draft draft, Logits target, int place);
}
