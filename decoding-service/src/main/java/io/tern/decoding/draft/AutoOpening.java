package io.tern.decoding.draft;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.StepCosts;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens {@link AutoDrafter}s over the drafters of one model, whose own costs it measures once, and keeps what has stood of
 * each in all texts. Safe for use by many threads.
 */
final class AutoOpening implements Drafters.Opening {
    private static final Logger log = LoggerFactory.getLogger(AutoOpening.class);

    /** First-place accuracy of heads on held-out text: models/decoding/README.md. */
    private static final double HEAD_OPTIMISM = 0.45;

    /**
     * What is chosen from. A text's own passages come first; early exit is not among them: most of the target's layers cost
     * more than a token that may stand.
     */
    private static final List<DrafterKind> LOOKUPS = List.of(DrafterKind.NGRAM, DrafterKind.RETRIEVAL);

    private static final List<DrafterKind> NETWORKS =
            List.of(DrafterKind.MTP, DrafterKind.EAGLE, DrafterKind.DRAFT_MODEL, DrafterKind.MEDUSA);

    private final Drafters drafters;
    private final LanguageModel model;
    private final StepCosts costs;
    private final List<Candidate> candidates = new ArrayList<>();

    AutoOpening(Drafters drafters, LanguageModel model) {
        this.drafters = drafters;
        this.model = model;
        this.costs = model.costs().orElse(StepCosts.UNMEASURED);
        LOOKUPS.stream().filter(drafters::has).forEach(kind -> candidates.add(Candidate.copying(kind)));
        for (DrafterKind kind : NETWORKS) {
            if (drafters.has(kind)) {
                NetworkCost own = DraftTrial.of(drafters, kind, model.info(), costs.nanosOfOne());
                log.info(
                        "{} for {}, in its forwards: {}",
                        kind.wireName(),
                        model.info().id(),
                        own);
                candidates.add(Candidate.network(kind, own));
            }
        }
    }

    /** A drafter of the model, and what has stood of it in chains and in trees. */
    private record Candidate(DrafterKind kind, NetworkCost own, List<DraftHistory> chains, List<DraftHistory> trees) {
        static Candidate copying(DrafterKind kind) {
            return new Candidate(kind, NetworkCost.NONE, AutoSource.copies(), AutoSource.copies());
        }

        static Candidate network(DrafterKind kind, NetworkCost own) {
            return new Candidate(
                    kind,
                    own,
                    List.of(DraftHistory.ofNetwork(HEAD_OPTIMISM)),
                    List.of(DraftHistory.ofNetwork(HEAD_OPTIMISM)));
        }
    }

    @Override
    public Drafter open(Drafters.Text text) {
        List<AutoSource> sources = new ArrayList<>();
        for (Candidate candidate : candidates) {
            try {
                Drafter drafter = drafters.open(candidate.kind(), text);
                sources.add(new AutoSource(drafter, candidate.own(), false, candidate.chains()));
                if (candidate.kind() != DrafterKind.NGRAM) { // which never branches
                    sources.add(new AutoSource(drafter, candidate.own(), true, candidate.trees()));
                }
            } catch (TernException e) {
                if (e.code() != ErrorCode.OVERLOADED) {
                    sources.forEach(source -> source.drafter().close());
                    throw e;
                } // no memory for its cache: the text is written without it
            }
        }
        return new AutoDrafter(sources, costs, model::sequences);
    }
}
