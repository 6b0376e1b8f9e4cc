package io.tern.decoding.draft;

/** What stood of a drafter's tokens in all texts of a model so far. Safe for use by many threads. */
final class AcceptanceHistory {
    private final double optimism;
    private final AcceptanceEstimate estimate;

    /** @param optimism how often a drafted token is taken to stand before anything is known */
    AcceptanceHistory(double optimism) {
        this.optimism = optimism;
        this.estimate = AcceptanceEstimate.ofServer(optimism);
    }

    synchronized void observe(int drafted, int stood) {
        estimate.observe(drafted, stood);
    }

    /** What a text begins from. */
    synchronized double[] rates() {
        return estimate.rates();
    }

    /** What a text tries again with where this drafter did badly: it may have come to a passage that suits it. */
    double[] hopes() {
        return AcceptanceEstimate.constant(optimism);
    }
}
