package io.tern.decoding.verify;

import io.tern.decoding.draft.Draft;
import io.tern.decoding.model.Logits;
import io.tern.decoding.sampling.Sampler;
import io.tern.decoding.sampling.TokenDistribution;
import io.tern.decoding.tree.TokenTree;

/**
 * A drafted token stands if the target finds it typical, likely enough for how sure it is, whether or not it would have
 * chosen it; of several branches the one that goes on longest. Behind it comes the target's own choice. Cai et al. 2024,
 * section 3.1.2. Not lossless: the text is another one than the target's, and its distribution is not the target's.
 */
public final class TypicalAcceptance implements Acceptance {
    private final TokenDistribution target;
    private final TypicalThreshold threshold;
    private final Sampler own;

    /** @param own chooses where no drafted token stands */
    public TypicalAcceptance(TokenDistribution target, TypicalThreshold threshold, Sampler own) {
        this.target = target;
        this.threshold = threshold;
        this.own = own;
    }

    @Override
    public int choose(Draft draft, int node, Logits logits, int place) {
        int best = TokenTree.ROOT;
        int longest = 0;
        TokenTree tree = draft.tree();
        for (int child = node + 1; child < tree.size(); child++) {
            int length = tree.parent(child) == node ? typicalLength(tree, child, logits) : 0;
            if (length > longest) {
                longest = length;
                best = child;
            }
        }
        return longest > 0 ? tree.token(best) : own.sample(logits, node + 1, place);
    }

    /** How many tokens from the node on are typical, each behind those before it. */
    private int typicalLength(TokenTree tree, int node, Logits logits) {
        if (!isTypical(logits, tree.parent(node) + 1, tree.token(node))) {
            return 0;
        }
        int longest = 0;
        for (int child = node + 1; child < tree.size(); child++) {
            if (tree.parent(child) == node) {
                longest = Math.max(longest, typicalLength(tree, child, logits));
            }
        }
        return longest + 1;
    }

    private boolean isTypical(Logits logits, int row, int token) {
        target.read(logits, row);
        return target.probability(token) > threshold.of(target.entropy());
    }
}
