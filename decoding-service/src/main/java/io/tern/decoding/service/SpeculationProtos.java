package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.decoding.DecodingStats;
import io.tern.decoding.Speculation;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.v1.SpeculationMetrics;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.TypicalThreshold;

/** Between the messages of speculation and the engine's own types; absent fields get their defaults here. */
final class SpeculationProtos {
    private SpeculationProtos() {}

    /** @throws TernException INVALID_ARGUMENT */
    static Speculation speculation(io.tern.decoding.v1.Speculation message) {
        AcceptanceKind acceptance = message.getAcceptance().isEmpty()
                ? AcceptanceKind.GREEDY
                : AcceptanceKind.ofWireName(message.getAcceptance());
        boolean tree = message.getTree();
        return new Speculation(
                message.getDrafter().isEmpty() ? DrafterKind.AUTO : DrafterKind.ofWireName(message.getDrafter()),
                message.hasMaxDraft()
                        ? message.getMaxDraft()
                        : tree ? Speculation.DEFAULT_TREE_DRAFT : Speculation.DEFAULT_MAX_DRAFT,
                tree,
                message.hasExact() ? message.getExact() : acceptance != AcceptanceKind.TYPICAL,
                acceptance,
                threshold(message, acceptance));
    }

    private static TypicalThreshold threshold(io.tern.decoding.v1.Speculation message, AcceptanceKind acceptance) {
        boolean typical = acceptance == AcceptanceKind.TYPICAL;
        TernException.require(
                typical || !message.hasTypicalThreshold(),
                "speculation.typical_threshold",
                message.getTypicalThreshold(),
                "typical acceptance with it");
        TernException.require(
                typical || !message.hasTypicalAlpha(),
                "speculation.typical_alpha",
                message.getTypicalAlpha(),
                "typical acceptance with it");
        TypicalThreshold standard = TypicalThreshold.DEFAULT;
        return new TypicalThreshold(
                message.hasTypicalThreshold() ? message.getTypicalThreshold() : standard.epsilon(),
                message.hasTypicalAlpha() ? message.getTypicalAlpha() : standard.delta());
    }

    static SpeculationMetrics metrics(DecodingStats stats) {
        return SpeculationMetrics.newBuilder()
                .setDrafter(stats.drafter().wireName())
                .setSteps(stats.steps())
                .setDraftedTokens(stats.draftedTokens())
                .setAcceptedTokens(stats.acceptedTokens())
                .setMeanAcceptanceLength(stats.meanAcceptanceLength())
                .setDraftAcceptanceRate(stats.draftAcceptanceRate())
                .addAllAcceptedPerPosition(stats.acceptedPerPosition())
                .build();
    }
}
