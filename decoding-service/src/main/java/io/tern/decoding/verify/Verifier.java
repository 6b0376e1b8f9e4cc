package io.tern.decoding.verify;

import io.tern.base.TernException;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.Verdict;
import io.tern.decoding.model.Logits;
import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Walks down a draft by an {@link Acceptance} until the target's token was not drafted. Owned by one sequence.
 *
 * <p>The exact way leaves the likeliest path as if the draft ended there: only along it have logits, keys and values the
 * bits of plain decoding. The token that leads to another branch is the target's own choice there and is settled; what
 * that branch says beyond it is handed on as a guess for the next draft, where it is verified as a chain.
 */
public final class Verifier {
    private final Acceptance acceptance;
    private final boolean exact;
    private final IntConsumer settled;

    /**
     * @param exact whether only tokens along the likeliest path are accepted
     * @param settled told each token before the next one is chosen, for penalties
     */
    public Verifier(Acceptance acceptance, boolean exact, IntConsumer settled) {
        this.acceptance = acceptance;
        this.exact = exact;
        this.settled = settled;
    }

    /**
     * What nothing can follow behind a drafted token ends the walk there, since the text may end with that token; if it does
     * not, the next step fails as a step without drafts does.
     *
     * @param target row {@code node + 1} has the logits behind a node of the draft, row 0 those of its first tokens
     * @param place of the first token in the output, from 0
     * @throws TernException if there is no first token
     */
    public Verdict verify(Draft draft, Logits target, int place) {
        TokenTree tree = draft.tree();
        int likeliest = exact ? tree.chainLength() : tree.size();
        int[] path = new int[tree.size()];
        int length = 0;
        int node = TokenTree.ROOT;
        while (true) {
            int token;
            try {
                token = acceptance.choose(draft, node, target, place + length);
            } catch (TernException e) {
                if (length == 0) {
                    throw e;
                }
                return new Verdict(draft, Arrays.copyOf(path, length - 1), tree.token(node));
            }
            settled.accept(token);
            int child = tree.child(node, token);
            if (child < 0 || child >= likeliest) {
                int[] ahead = child < 0 ? new int[0] : greedyPath(tree, child, target);
                return new Verdict(draft, Arrays.copyOf(path, length), token, ahead);
            }
            path[length++] = child;
            node = child;
        }
    }

    /** What the target likes best behind a node, as far as it was drafted, and one token more. */
    private static int[] greedyPath(TokenTree tree, int node, Logits target) {
        int[] tokens = new int[tree.size()];
        int length = 0;
        for (int at = node; at >= 0; at = tree.child(at, tokens[length - 1])) {
            tokens[length++] = target.argMax(at + 1);
        }
        return Arrays.copyOf(tokens, length);
    }
}
