package io.tern.decoding.draft;

import io.tern.decoding.model.StepCosts;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A way to draft that {@link AutoDrafter} chooses from: a drafter, in chains or in trees, and how it has done in this text.
 * Copies cost nothing to find, so that they are found first and judged by how much of the text before them is the same.
 * Networks tell while they draft how sure they are, and go no further than pays. Owned by one sequence.
 */
final class AutoSource {
    /** A draft has to promise so much more tokens for the same cost, since estimates err. */
    private static final double MARGIN = 1.03;
    /** Steps over which what a network has to read before its first draft is taken to bring in something. */
    private static final double READ_FOR = 16;
    /** Nodes of a tree for each token of its depth. */
    private static final int TREE_WIDTH = 3;
    /** A level of a tree runs several rows of the drafter, which cost less than as many runs. */
    private static final double TREE_LEVEL = 2;

    /** Copies are told apart by whether they match fewer tokens than the first of these, than the second, and so on. */
    private static final int[] MATCHES = {3, 4, 6};

    /** How often a copy's tokens are taken to stand before anything is known, by the class of its match. */
    private static final List<Double> COPY_OPTIMISM = List.of(0.4, 0.6, 0.7, 0.8);

    private final Drafter drafter;
    private final NetworkCost own;
    private final boolean tree;
    private final List<DraftRecord> records;

    /**
     * @param own what it computes, shared by all texts; {@link NetworkCost#NONE}: a copy
     * @param histories by class of match, for a network one
     */
    AutoSource(Drafter drafter, NetworkCost own, boolean tree, List<DraftHistory> histories) {
        this.drafter = drafter;
        this.own = own;
        this.tree = tree;
        this.records = histories.stream().map(DraftRecord::new).toList();
    }

    static List<DraftHistory> copies() {
        return COPY_OPTIMISM.stream().map(DraftHistory::ofCopies).toList();
    }

    /**
     * What this source would draft.
     *
     * @param reading what it costs to read the text so far
     * @param yield tokens of all texts that it promises for the cost of a forward
     */
    record Offer(AutoSource source, int depth, double reading, double yield) {}

    Drafter drafter() {
        return drafter;
    }

    boolean tree() {
        return tree;
    }

    boolean costsNothing() {
        return own.token() == 0;
    }

    /** The best depth that the guard bears; of depth 0 if nothing is better than no draft. */
    Offer offer(DraftContext context, DraftPrice price, LossGuard guard) {
        double plain = price.yield(0, 0);
        Offer best = new Offer(this, 0, 0, plain);
        int deepest = context.maxDepth();
        DraftRecord record = records.getFirst();
        if (costsNothing()) {
            Draft copy = draft(context, price, deepest);
            deepest = copy.depth();
            record = record(copy);
        }
        if (deepest == 0 || record.resting()) {
            return best;
        }
        DraftRecord.Expectation[] expectations = record.expectations(deepest);
        double bestYield = MARGIN * plain;
        boolean tempting = false;
        for (int depth = 1; depth <= deepest; depth++) {
            DraftRecord.Expectation expected = expectations[depth - 1];
            double extra = extra(price, expected.levels(), nodes(context, expected.depth()));
            double reading = own.reading() * drafter.unread(context.tokens(), depth);
            double yield = price.yield(expected.accepted(), extra + reading / READ_FOR);
            tempting |= yield > MARGIN * plain;
            if (yield > bestYield && guard.bears(extra + reading)) {
                bestYield = yield;
                best = new Offer(this, depth, reading, yield);
            }
        }
        if (!tempting) {
            record.rest();
        }
        return best;
    }

    Draft draft(DraftContext context, DraftPrice price, int depth) {
        int nodes = (int) nodes(context, depth);
        LeastChance least = leastChance(price, nodes);
        DraftContext asked = new DraftContext(context.tokens(), depth, nodes, tree, context.choice(), least);
        if (costsNothing()) {
            return drafter.draft(asked);
        }
        int unread = drafter.unread(context.tokens(), depth);
        long begin = StepCosts.clock();
        Draft draft = drafter.draft(asked);
        if (!tree && draft.size() > 0) {
            own.observe(price.forwards(StepCosts.clock() - begin), levels(draft), unread);
        }
        return draft;
    }

    private LeastChance leastChance(DraftPrice price, int nodes) {
        if (costsNothing()) {
            return LeastChance.NONE;
        }
        double run = own.token() / price.token();
        if (tree) {
            return LeastChance.even(price.extra(nodes) / nodes / price.token(), run);
        }
        double[] rows = IntStream.range(0, nodes)
                .mapToDouble(depth -> (price.extra(depth + 1) - price.extra(depth)) / price.token())
                .toArray();
        return new LeastChance(rows, run);
    }

    /** Heads that run together count one each. */
    private static int levels(Draft draft) {
        return draft.levels() > 0 ? draft.levels() : draft.depth();
    }

    /** What a step with such a draft costs beyond one without, the drafter's own work included. */
    double extra(DraftPrice price, Draft draft) {
        return extra(price, levels(draft), draft.size());
    }

    void observe(int asked, Draft draft, int accepted) {
        record(draft).observe(asked, draft.depth(), accepted);
    }

    /** A step has gone by. */
    void tick() {
        records.forEach(DraftRecord::tick);
    }

    private DraftRecord record(Draft draft) {
        int type = (int)
                Arrays.stream(MATCHES).filter(match -> draft.matched() >= match).count();
        return records.get(Math.min(type, records.size() - 1));
    }

    private double extra(DraftPrice price, double levels, double nodes) {
        return price.extra(nodes) + levels * own.token() * (tree ? TREE_LEVEL : 1);
    }

    private double nodes(DraftContext context, double depth) {
        return tree ? Math.max(depth, Math.min(context.maxNodes(), TREE_WIDTH * depth)) : depth;
    }
}
