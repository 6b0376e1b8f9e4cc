package io.tern.decoding.model;

import io.tern.decoding.tree.TokenTree;

/** One call of the model on its way: a tree of tokens, of which each run takes as many as there is room for. */
final class Forward {
    private final OnnxKvCache cache;
    private final TokenTree tree;
    private final int rows;
    private final int minimum;
    private final int past;
    private final int chain;
    private int begin;

    /**
     * @param rows for how many of the last nodes logits are wanted
     * @param minimum fewest tokens of a step
     */
    Forward(OnnxKvCache cache, TokenTree tree, int rows, int minimum) {
        this.cache = cache;
        this.tree = tree;
        this.rows = rows;
        this.minimum = minimum;
        this.past = cache.length();
        this.chain = tree.chainLength();
    }

    OnnxKvCache cache() {
        return cache;
    }

    boolean isChain() {
        return chain == tree.size();
    }

    /** Nodes that are still to run. */
    int left() {
        return tree.size() - begin;
    }

    /**
     * The next part: of a chain any piece can run by itself. Off the chain all nodes run in one step, however many, and
     * never without keys before them, as the attention takes positions for granted then.
     */
    Step next(int most) {
        int piece = Math.min(most, chain - begin);
        boolean rest = begin == chain || (!isChain() && past + begin > 0 && left() <= most);
        return new Step(cache, tree, past, begin, rest ? left() : piece, rows, minimum);
    }

    /** The step is done. */
    void advance(Step step) {
        begin = step.end();
    }
}
