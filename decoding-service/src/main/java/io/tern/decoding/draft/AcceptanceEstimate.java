package io.tern.decoding.draft;

import java.util.Arrays;

/**
 * How often a drafter's tokens are accepted at each depth, given that those before were; recent steps count more. Owned by
 * one sequence.
 */
final class AcceptanceEstimate {
    private static final int DEEPEST = 16;
    private static final double MEMORY = 0.85;
    /** Weight of the first guess, in steps. */
    private static final double PRIOR_STEPS = 2;

    private final double prior;
    private final double[] accepted = new double[DEEPEST];
    private final double[] tried = new double[DEEPEST];

    AcceptanceEstimate(double prior) {
        this.prior = prior;
        forget();
    }

    /** Back to the first guess, for one more trial. */
    void forget() {
        Arrays.fill(tried, PRIOR_STEPS);
        Arrays.fill(accepted, prior * PRIOR_STEPS);
    }

    void observe(int drafted, int stood) {
        for (int depth = 0; depth < Math.min(DEEPEST, drafted) && depth <= stood; depth++) {
            tried[depth] = Math.max(MEMORY * tried[depth] + 1, PRIOR_STEPS + 1e-9);
            accepted[depth] = MEMORY * accepted[depth] + (depth < stood ? 1 : 0);
        }
    }

    /** Drafted tokens that will stand, of so many. A depth that was not tried is taken to do as well as the one before. */
    double expected(int drafted) {
        double rate = prior;
        double reached = 1;
        double sum = 0;
        for (int depth = 0; depth < drafted; depth++) {
            boolean known = depth < DEEPEST && tried[depth] > PRIOR_STEPS;
            rate = known || depth == 0 ? accepted[depth] / tried[depth] : rate;
            reached *= rate;
            sum += reached;
        }
        return sum;
    }
}
