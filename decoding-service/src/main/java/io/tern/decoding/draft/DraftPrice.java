package io.tern.decoding.draft;

import io.tern.decoding.model.StepCosts;

/**
 * What drafts cost beside the texts that run now, in forwards of one token.
 *
 * @param texts how many are written, this one included
 */
record DraftPrice(StepCosts costs, int texts) {
    DraftPrice {
        texts = Math.max(1, texts);
    }

    /** What a run with so many drafted rows, on average, costs more than one without. */
    double extra(double rows) {
        int below = (int) rows;
        double whole = costs.of(texts + below);
        double part = rows == below ? 0 : (rows - below) * (costs.of(texts + below + 1) - whole);
        return whole + part - costs.of(texts);
    }

    /** Of a time by {@link StepCosts#clock}. */
    double forwards(long nanos) {
        return nanos / costs.nanosOfOne();
    }

    /** What each token costs without drafts. */
    double token() {
        return costs.of(texts) / texts;
    }

    /** Tokens of all texts for a forward's cost, if so many more stand for so much more. */
    double yield(double accepted, double extra) {
        return (texts + accepted) / (costs.of(texts) + extra);
    }
}
