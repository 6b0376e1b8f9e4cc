package io.tern.decoding.draft;

import java.util.Arrays;

/**
 * How often a drafter's tokens are accepted at each depth, given that those before were; recent steps count more. A depth
 * that was seldom tried is taken to do as well as the one before it. Owned by one sequence.
 */
final class AcceptanceEstimate {
    private static final int DEEPEST = 16;
    private static final double MEMORY = 0.85;
    /** Weight of what is taken for granted at first, in steps. */
    private static final double PRIOR_STEPS = 2;

    private final double prior;
    private final double[] accepted = new double[DEEPEST];
    private final double[] tried = new double[DEEPEST];
    private final double[] granted = new double[DEEPEST];

    AcceptanceEstimate(double prior) {
        this.prior = prior;
        forget();
    }

    /** Back to what is taken for granted, for one more trial. */
    void forget() {
        Arrays.fill(tried, 0);
        Arrays.fill(accepted, 0);
        Arrays.fill(granted, PRIOR_STEPS);
    }

    void observe(int drafted, int stood) {
        for (int depth = 0; depth < Math.min(DEEPEST, drafted) && depth <= stood; depth++) {
            tried[depth] = MEMORY * tried[depth] + 1;
            accepted[depth] = MEMORY * accepted[depth] + (depth < stood ? 1 : 0);
            granted[depth] *= MEMORY;
        }
    }

    /** Drafted tokens that will stand, of so many. */
    double expected(int drafted) {
        double rate = prior;
        double reached = 1;
        double sum = 0;
        for (int depth = 0; depth < drafted; depth++) {
            if (depth < DEEPEST) {
                rate = (accepted[depth] + granted[depth] * rate) / (tried[depth] + granted[depth]);
            }
            reached *= rate;
            sum += reached;
        }
        return sum;
    }
}
