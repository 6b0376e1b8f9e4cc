package io.tern.decoding.draft;

import io.tern.base.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens {@link AutoDrafter}s over drafters of one model and counts how many are open. Safe for use by many threads. */
final class AutoOpening implements Drafters.Opening {
    /** Share of a copied passage's tokens that stand. */
    private static final double COPY_PRIOR = 0.6;
    /** First-place accuracy of the heads on held-out text: models/decoding/README.md. */
    private static final double HEAD_PRIOR = 0.4;
    /** One row of a layer of its own with a small head, against the target's thirty layers and large head. */
    private static final double HEAD_COST = 0.15;

    private final Drafters drafters;
    private final CostCurve costs;
    private final AtomicInteger open = new AtomicInteger();

    AutoOpening(Drafters drafters, CostCurve costs) {
        this.drafters = drafters;
        this.costs = costs;
    }

    @Override
    public Drafter open(int capacityTokens, Cancellation cancellation) {
        List<AutoDrafter.Source> sources = new ArrayList<>();
        Drafter copies = drafters.open(DrafterKind.NGRAM, capacityTokens, cancellation);
        sources.add(new AutoDrafter.Source(copies, 0, COPY_PRIOR));
        if (drafters.has(DrafterKind.MTP)) {
            Drafter heads = drafters.open(DrafterKind.MTP, capacityTokens, cancellation);
            sources.add(new AutoDrafter.Source(heads, HEAD_COST, HEAD_PRIOR));
        }
        open.incrementAndGet();
        return new AutoDrafter(sources, costs, open::get, open::decrementAndGet);
    }
}
