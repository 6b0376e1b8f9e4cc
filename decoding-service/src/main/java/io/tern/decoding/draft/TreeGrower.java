package io.tern.decoding.draft;

import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Grows a draft level by level from a drafter's distributions. A chain follows one pick at each level. A tree of the
 * likeliest tokens grows where the product of probabilities is greatest, and the best nodes of all levels are kept (Li et
 * al. 2024, EAGLE-2, section 4). A tree of drawn tokens has a fixed form, since dropping what was drawn would change its
 * distribution: two branches at first, each a chain then. A path whose chance falls below the context's {@link LeastChance}
 * ends; a drawn token is never left out for it.
 */
public final class TreeGrower {
    /** Nodes of a level that are expanded. */
    private static final int WIDTH = 4;
    /** Tokens considered behind each of them. */
    private static final int BRANCHES = 4;

    private static final int DRAWN_BRANCHES = 2;

    private final DraftContext context;
    private final Expander expander;
    private final List<Integer> tokens = new ArrayList<>();
    private final List<Integer> parents = new ArrayList<>();
    /** Logarithm of the probability of the path to a node, as the drafter sees it. */
    private final List<Double> scores = new ArrayList<>();

    private final Map<Integer, Proposal> proposals = new HashMap<>();
    private int levels;

    private TreeGrower(DraftContext context, Expander expander) {
        this.context = context;
        this.expander = expander;
    }

    /** Gives the distributions behind nodes of the draft so far. */
    @FunctionalInterface
    public interface Expander {
        /**
         * @param tree all nodes so far
         * @param nodes what to expand: first {@link TokenTree#ROOT} alone, then nodes of the last level
         */
        List<Candidates> expand(TokenTree tree, int[] nodes);
    }

    public static Draft grow(DraftContext context, Expander expander) {
        return new TreeGrower(context, expander).grow();
    }

    private Draft grow() {
        int[] frontier = {TokenTree.ROOT};
        for (int depth = 0; depth < context.maxDepth() && frontier.length > 0; depth++) {
            frontier = level(frontier, depth);
        }
        return draft(context.choice().draws() ? all() : best()).after(levels);
    }

    /** Adds the tokens behind these nodes and returns those of them that are to be expanded. */
    private int[] level(int[] frontier, int depth) {
        int branches = branches(depth);
        if (context.choice().draws() && tokens.size() + frontier.length > context.maxNodes()) {
            return new int[0];
        }
        List<Candidates> candidates = expander.expand(tree(), frontier);
        levels++;
        int first = tokens.size();
        for (int i = 0; i < frontier.length; i++) {
            add(frontier[i], candidates.get(i), branches, depth);
        }
        return widest(first, depth);
    }

    private int branches(int depth) {
        if (!context.tree()) {
            return 1;
        }
        if (!context.choice().draws()) {
            return BRANCHES;
        }
        return depth == 0 ? Math.min(DRAWN_BRANCHES, context.maxNodes()) : 1;
    }

    private void add(int parent, Candidates candidates, int branches, int depth) {
        TokenChoice.Picked picked = context.choice().pick(candidates, branches);
        for (int pick : picked.candidates()) {
            double score = (parent < 0 ? 0 : scores.get(parent)) + candidates.logProbabilities()[pick];
            if (context.choice().draws()
                    || score >= Math.log(context.leastChance().ofRow(depth))) {
                tokens.add(candidates.tokens()[pick]);
                parents.add(parent);
                scores.add(score);
            }
        }
        @Nullable Proposal proposal = picked.proposal();
        if (proposal != null) {
            proposals.put(parent, proposal);
        }
    }

    /** The best nodes of the last level, unless none of them, nor what follows it, can be among those that are kept. */
    private int[] widest(int first, int depth) {
        double least = Math.log(context.leastChance().ofRun(depth));
        IntStream level = IntStream.range(first, tokens.size()).filter(node -> scores.get(node) >= least);
        if (context.choice().draws()) {
            return level.toArray();
        }
        List<Integer> kept = best();
        return level.boxed()
                .filter(kept::contains)
                .sorted(byScore())
                .limit(WIDTH)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private List<Integer> all() {
        return IntStream.range(0, tokens.size()).boxed().toList();
    }

    /** As many nodes as are allowed; with a node its ancestors, which are at least as likely and come first. */
    private List<Integer> best() {
        return all().stream()
                .sorted(byScore())
                .limit(context.maxNodes())
                .sorted()
                .toList();
    }

    private Comparator<Integer> byScore() {
        return Comparator.<Integer, Double>comparing(scores::get).reversed().thenComparing(Comparator.naturalOrder());
    }

    private TokenTree tree() {
        return TokenTree.of(
                tokens.stream().mapToInt(Integer::intValue).toArray(),
                parents.stream().mapToInt(Integer::intValue).toArray());
    }

    private Draft draft(List<Integer> kept) {
        TokenTree.Reordered reordered =
                tree().likeliestFirst(kept.stream().mapToInt(Integer::intValue).toArray());
        Map<Integer, Proposal> moved = new HashMap<>();
        proposals.forEach((node, proposal) -> moved.put(reordered.place(node), proposal));
        return Draft.drawn(reordered.tree(), moved);
    }
}
