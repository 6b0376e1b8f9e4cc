package io.tern.decoding;

import io.tern.decoding.draft.Verdict;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.List;

/**
 * A node of a step's draft.
 *
 * @param parent its place in the draft, or -1 for one that follows the settled text
 */
public record DraftedToken(int id, int parent, boolean accepted) {
    static List<DraftedToken> of(Verdict verdict) {
        TokenTree tree = verdict.draft().tree();
        List<DraftedToken> tokens = new ArrayList<>();
        int accepted = 0;
        for (int node = 0; node < tree.size(); node++) {
            boolean stands = accepted < verdict.accepted() && verdict.node(accepted) == node;
            accepted += stands ? 1 : 0;
            tokens.add(new DraftedToken(tree.token(node), tree.parent(node), stands));
        }
        return tokens;
    }
}
