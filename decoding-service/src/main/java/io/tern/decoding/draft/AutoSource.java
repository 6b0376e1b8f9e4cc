package io.tern.decoding.draft;

/**
 * A way to draft that {@link AutoDrafter} chooses from: a drafter, in chains or in trees, and how it has done in this text.
 * Where it does not pay it rests, for longer each time, and is tried again. Owned by one sequence.
 */
final class AutoSource {
    /** A draft has to promise so much more tokens for the same cost, since estimates err. */
    private static final double MARGIN = 1.03;

    private static final int FIRST_PAUSE = 8;
    private static final int LONGEST_PAUSE = 128;
    /** Nodes of a tree for each token of its depth. */
    private static final int TREE_WIDTH = 3;
    /** A level of a tree runs several rows of the drafter, which cost less than as many runs. */
    private static final double TREE_LEVEL = 2;

    private final Drafter drafter;
    private final double tokenCost;
    private final boolean tree;
    private final AcceptanceHistory history;
    private final AcceptanceEstimate acceptance;
    private int pause = FIRST_PAUSE;
    private int pauseLeft;

    /** @param tokenCost of one drafted token of a chain, in forwards of the target for one token */
    AutoSource(Drafter drafter, double tokenCost, boolean tree, AcceptanceHistory history) {
        this.drafter = drafter;
        this.tokenCost = tokenCost;
        this.tree = tree;
        this.history = history;
        this.acceptance = AcceptanceEstimate.ofText(history.rates());
    }

    /**
     * What this source would draft.
     *
     * @param yield tokens of all texts that it promises for the cost of a forward
     */
    record Offer(AutoSource source, int depth, double yield) {}

    Drafter drafter() {
        return drafter;
    }

    boolean tree() {
        return tree;
    }

    /** The best depth that the guard bears; of depth 0 if nothing is better than no draft. */
    Offer offer(DraftContext context, DraftPrice price, LossGuard guard) {
        int best = 0;
        double plain = price.yield(0, 0);
        double bestYield = MARGIN * plain;
        boolean tempting = false;
        for (int depth = 1; !resting() && depth <= context.maxDepth(); depth++) {
            double extra = extra(price, depth, nodes(context, depth));
            double yield = price.yield(acceptance.expected(depth), extra);
            tempting |= yield > MARGIN * plain;
            if (yield > bestYield && guard.bears(extra)) {
                bestYield = yield;
                best = depth;
            }
        }
        if (!tempting && !resting()) {
            rest();
        }
        return new Offer(this, best, best == 0 ? plain : bestYield);
    }

    Draft draft(DraftContext context, int depth) {
        return drafter.draft(new DraftContext(context.tokens(), depth, nodes(context, depth), tree, context.choice()));
    }

    /** What a step with such a draft costs beyond one without, the drafter's own work included. */
    double extra(DraftPrice price, Draft draft) {
        return extra(price, draft.depth(), draft.size());
    }

    void observe(int drafted, int stood) {
        acceptance.observe(drafted, stood);
        history.observe(drafted, stood);
        pause = stood > 0 ? FIRST_PAUSE : pause;
    }

    /** A step has gone by. */
    void tick() {
        if (pauseLeft > 0 && --pauseLeft == 0) {
            acceptance.forget(history.hopes());
        }
    }

    private double extra(DraftPrice price, int depth, int nodes) {
        return price.extra(nodes) + depth * tokenCost * (tree ? TREE_LEVEL : 1);
    }

    private int nodes(DraftContext context, int depth) {
        return tree ? Math.max(depth, Math.min(context.maxNodes(), TREE_WIDTH * depth)) : depth;
    }

    private boolean resting() {
        return pauseLeft > 0;
    }

    private void rest() {
        pauseLeft = pause;
        pause = Math.min(LONGEST_PAUSE, 2 * pause);
    }
}
