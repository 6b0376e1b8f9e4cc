package io.tern.decoding.draft;

/**
 * What a drafter goes on from.
 *
 * @param tokens all that is settled; it only grows from one call to the next
 * @param maxDepth no path longer than this is of use, at least 1
 * @param maxNodes at most so many tokens on all branches together, at least {@code maxDepth}
 * @param tree whether there may be branches beside the likeliest path
 * @param choice how tokens are picked from a drafter's own distribution
 * @param leastChance for drafters with a distribution of their own
 */
public record DraftContext(
        TokenSequence tokens, int maxDepth, int maxNodes, boolean tree, TokenChoice choice, LeastChance leastChance) {
    public DraftContext {
        if (maxDepth < 1 || maxNodes < maxDepth) {
            throw new IllegalArgumentException("maxDepth, maxNodes: " + maxDepth + ", " + maxNodes
                    + " (expected: at least 1, and no fewer nodes)");
        }
    }

    /** Whatever the chances. */
    public DraftContext(TokenSequence tokens, int maxDepth, int maxNodes, boolean tree, TokenChoice choice) {
        this(tokens, maxDepth, maxNodes, tree, choice, LeastChance.NONE);
    }

    /** For a chain of the likeliest tokens. */
    public static DraftContext chain(TokenSequence tokens, int maxDepth) {
        return new DraftContext(tokens, maxDepth, maxDepth, false, TokenChoice.LIKELIEST);
    }

    /** The same with other limits. */
    public DraftContext limitedTo(int depth, int nodes) {
        return new DraftContext(tokens, depth, nodes, tree, choice, leastChance);
    }
}
