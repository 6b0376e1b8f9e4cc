package io.tern.decoding.draft;

import io.tern.decoding.model.HiddenStates;
import io.tern.decoding.model.StepCosts;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks, step by step, the drafter that pays best, for as many tokens as pay: those that it expects to stand, by what stood
 * of late, against what their rows cost the target beside the rows of other texts, and what the drafter costs itself. What
 * all drafts together may lose is bounded by a {@link LossGuard}. Owned by one sequence.
 */
final class AutoDrafter implements Drafter {
    private final List<AutoSource> sources;
    private final StepCosts costs;
    private final IntSupplier texts;
    private final LossGuard guard = new LossGuard();
    private AutoSource.@Nullable Offer asked;
    /** What drafters took that had nothing sure enough to tell, and what they have read. */
    private double spent;

    /**
     * @param sources of equally good ones the first is asked first
     * @param texts how many are written with the model now, this one included
     */
    AutoDrafter(List<AutoSource> sources, StepCosts costs, IntSupplier texts) {
        this.sources = List.copyOf(sources);
        this.costs = costs;
        this.texts = texts;
    }

    @Override
    public Draft draft(DraftContext context) {
        DraftPrice price = price();
        List<AutoSource.Offer> offers = sources.stream()
                .filter(source -> context.tree() || !source.tree())
                .map(source -> source.offer(context, price, guard))
                .filter(offer -> offer.depth() > 0)
                .sorted(Comparator.comparingDouble(AutoSource.Offer::yield).reversed())
                .toList();
        for (AutoSource.Offer offer : offers) {
            AutoSource source = offer.source();
            Draft draft = source.draft(context, price, offer.depth());
            spent += offer.reading();
            if (draft.size() > 0) {
                asked = offer;
                return draft;
            }
            source.observe(offer.depth(), draft, 0);
            spent += source.extra(price, draft);
            if (!source.costsNothing()) {
                break; // where one network is not sure, another one seldom is
            }
        }
        return Draft.NONE;
    }

    @Override
    public void observe(Verdict verdict) {
        drafters().forEach(drafter -> drafter.observe(verdict));
        Draft draft = verdict.draft();
        DraftPrice price = price();
        double extra = price.extra(draft.size()); // of none, or of what another branch of the last draft got right
        AutoSource.Offer offer = asked;
        if (offer != null) {
            offer.source().observe(offer.depth(), draft, verdict.accepted());
            extra = offer.source().extra(price, draft);
        }
        guard.observe(extra + spent, verdict.accepted(), price.token());
        asked = null;
        spent = 0;
        sources.forEach(AutoSource::tick);
    }

    @Override
    public void settled(int first, HiddenStates states) {
        drafters().forEach(drafter -> drafter.settled(first, states));
    }

    @Override
    public void close() {
        drafters().forEach(Drafter::close);
    }

    private DraftPrice price() {
        return new DraftPrice(costs, texts.getAsInt());
    }

    /** Each once, though it may stand for chains and for trees. */
    private List<Drafter> drafters() {
        return sources.stream().map(AutoSource::drafter).distinct().toList();
    }
}
