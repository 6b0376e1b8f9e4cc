package io.tern.decoding.draft;

import io.tern.decoding.model.HiddenStates;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks, step by step, the drafter that pays best, for as many tokens as pay: those that it expects to stand, by what stood
 * of late, against what their rows cost the target beside the rows of other texts, and what the drafter costs itself. Where
 * nothing pays it pauses, for longer each time, and tries again. Owned by one sequence.
 */
public final class AutoDrafter implements Drafter {
    /** A draft has to promise so much more tokens for the same cost, since estimates err. */
    private static final double MARGIN = 1.03;

    private static final int FIRST_PAUSE = 8;
    private static final int LONGEST_PAUSE = 128;

    private final List<Source> sources;
    private final CostCurve costs;
    private final IntSupplier texts;
    private final Runnable onClose;
    private boolean closed;
    private @Nullable Source asked;
    private int pause = FIRST_PAUSE;
    private int pauseLeft;

    /**
     * @param sources the one to ask first, first
     * @param texts how many are written with the model now, this one included
     * @param onClose told once
     */
    public AutoDrafter(List<Source> sources, CostCurve costs, IntSupplier texts, Runnable onClose) {
        this.sources = List.copyOf(sources);
        this.costs = costs;
        this.texts = texts;
        this.onClose = onClose;
    }

    /** A drafter to choose from. */
    public static final class Source {
        private final Drafter drafter;
        private final double tokenCost;
        private final AcceptanceEstimate acceptance;

        /**
         * @param tokenCost of one drafted token, as a share of the target's forward for one row
         * @param prior how often its first token is accepted, before anything is known
         */
        public Source(Drafter drafter, double tokenCost, double prior) {
            this.drafter = drafter;
            this.tokenCost = tokenCost;
            this.acceptance = new AcceptanceEstimate(prior);
        }
    }

    @Override
    public Draft draft(DraftContext context) {
        asked = null;
        if (pauseLeft > 0) {
            pauseLeft--;
            return Draft.NONE;
        }
        boolean tempting = false;
        for (Source source : sources) {
            int length = bestLength(source, context.maxDepth());
            if (length > 0) {
                tempting = true;
                Draft draft = source.drafter.draft(context.limitedTo(length, length));
                if (draft.size() > 0) {
                    asked = source;
                    return draft;
                }
            }
        }
        if (!tempting) {
            startPause();
        }
        return Draft.NONE;
    }

    @Override
    public void observe(Verdict verdict) {
        sources.forEach(source -> source.drafter.observe(verdict));
        Source source = asked;
        if (source != null) {
            source.acceptance.observe(verdict.draft().depth(), verdict.accepted());
            pause = verdict.accepted() > 0 ? FIRST_PAUSE : pause;
        }
    }

    @Override
    public void settled(int first, HiddenStates states) {
        sources.forEach(source -> source.drafter.settled(first, states));
    }

    @Override
    public void close() {
        sources.forEach(source -> source.drafter.close());
        if (!closed) {
            closed = true;
            onClose.run();
        }
    }

    /** Tokens of all texts for the cost of a forward, against a forward without this draft; 0 if none is better. */
    private int bestLength(Source source, int most) {
        int others = Math.max(0, texts.getAsInt() - 1);
        int best = 0;
        double bestYield = MARGIN * (others + 1) / costs.of(others + 1);
        for (int length = 1; length <= most; length++) {
            double tokens = others + 1 + source.acceptance.expected(length);
            double yield = tokens / (costs.of(others + 1 + length) + length * source.tokenCost);
            if (yield > bestYield) {
                bestYield = yield;
                best = length;
            }
        }
        return best;
    }

    /** After a pause each source gets one more chance. */
    private void startPause() {
        pauseLeft = pause;
        pause = Math.min(LONGEST_PAUSE, 2 * pause);
        sources.forEach(source -> source.acceptance.forget());
    }
}
