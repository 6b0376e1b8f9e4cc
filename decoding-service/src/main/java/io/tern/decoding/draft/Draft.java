package io.tern.decoding.draft;

import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A guess at the tokens that follow: a tree, whose first nodes are the likeliest path. The tokens behind one node differ
 * from each other. Where a drafter has drawn them, the draft says from what; else it has guessed them with certainty, so
 * that its distribution is a point mass at the first one, then at the second, and so on. Immutable.
 */
public final class Draft {
    /** No guess: the step settles one token, the target's own. */
    public static final Draft NONE = new Draft(TokenTree.chain(), Map.of(), 0, 0);

    private final TokenTree tree;
    private final Map<Integer, Proposal> proposals;
    private final int matched;
    private final int levels;

    private Draft(TokenTree tree, Map<Integer, Proposal> proposals, int matched, int levels) {
        this.tree = tree;
        this.proposals = Map.copyOf(proposals);
        this.matched = matched;
        this.levels = levels;
    }

    /** A chain. */
    public static Draft of(int... tokens) {
        return of(TokenTree.chain(tokens));
    }

    public static Draft of(TokenTree tree) {
        return tree.size() == 0 ? NONE : new Draft(tree, Map.of(), 0, 0);
    }

    /** @param proposals by the node behind which the tokens stand, {@link TokenTree#ROOT} included */
    public static Draft drawn(TokenTree tree, Map<Integer, Proposal> proposals) {
        return tree.size() == 0 ? NONE : new Draft(tree, proposals, 0, 0);
    }

    /** The same, copied from a place before which so many tokens are those at the end of the text. */
    Draft matching(int tokens) {
        return size() == 0 ? NONE : new Draft(tree, proposals, tokens, levels);
    }

    /** The same, or no guess, of a drafter that has run so many levels for it: one more than it drafts if the last one gave nothing. */
    Draft after(int runs) {
        return new Draft(tree, proposals, matched, runs);
    }

    public TokenTree tree() {
        return tree;
    }

    /** Tokens that were the same where a copy begins; 0 for what is no copy. */
    public int matched() {
        return matched;
    }

    /** That its drafter ran one after the other; 0 for what took none, and where all came out of one run. */
    int levels() {
        return levels;
    }

    /** Drafted tokens, those of all branches. */
    public int size() {
        return tree.size();
    }

    /** From what the tokens behind a node were drawn; null if they were not. */
    public @Nullable Proposal proposal(int node) {
        return proposals.get(node);
    }

    /** How many tokens the longest path has. */
    public int depth() {
        return IntStream.range(0, size()).map(tree::depth).max().orElse(-1) + 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Draft that && tree.equals(that.tree) && proposals.equals(that.proposals);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tree, proposals);
    }

    @Override
    public String toString() {
        return tree.isChain() ? "Draft" + Arrays.toString(tree.toArray()) : "Draft[" + tree + "]";
    }
}
