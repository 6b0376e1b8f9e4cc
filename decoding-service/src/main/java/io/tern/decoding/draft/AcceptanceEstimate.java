package io.tern.decoding.draft;

import java.util.Arrays;

/**
 * How often a drafter's tokens are accepted at each depth, given that those before were; recent steps count more. A depth
 * that was seldom tried is taken to do as well as the one before it. Not safe for use by several threads.
 */
final class AcceptanceEstimate {
    static final int DEEPEST = 16;
    /** Of one text, which changes its subject; what is taken for granted fades with what is seen. */
    private static final double TEXT_MEMORY = 0.85;
    /** Weight of what is taken for granted, in steps. */
    private static final double TEXT_GRANTED = 2;
    /** Of all texts of a model. */
    private static final double SERVER_MEMORY = 0.98;

    private static final double SERVER_GRANTED = 10;

    private final double memory;
    private final double weight;
    private final double grantedMemory;
    private final double[] accepted = new double[DEEPEST];
    private final double[] tried = new double[DEEPEST];
    private final double[] granted = new double[DEEPEST];
    private double[] prior;

    private AcceptanceEstimate(double[] prior, double memory, double weight, double grantedMemory) {
        this.prior = prior;
        this.memory = memory;
        this.weight = weight;
        this.grantedMemory = grantedMemory;
        forget(prior);
    }

    /** @param prior by depth */
    static AcceptanceEstimate ofText(double[] prior) {
        return new AcceptanceEstimate(prior, TEXT_MEMORY, TEXT_GRANTED, TEXT_MEMORY);
    }

    /** Never quite forgets its prior, so that a drafter that did badly is tried again. */
    static AcceptanceEstimate ofServer(double prior) {
        return new AcceptanceEstimate(constant(prior), SERVER_MEMORY, SERVER_GRANTED, 1);
    }

    /** The same at all depths. */
    static double[] constant(double rate) {
        double[] rates = new double[DEEPEST];
        Arrays.fill(rates, rate);
        return rates;
    }

    /** Begins anew from this. */
    void forget(double[] newPrior) {
        prior = newPrior.clone();
        Arrays.fill(tried, 0);
        Arrays.fill(accepted, 0);
        Arrays.fill(granted, weight);
    }

    void observe(int drafted, int stood) {
        for (int depth = 0; depth < Math.min(DEEPEST, drafted) && depth <= stood; depth++) {
            tried[depth] = memory * tried[depth] + 1;
            accepted[depth] = memory * accepted[depth] + (depth < stood ? 1 : 0);
            granted[depth] *= grantedMemory;
        }
    }

    /** By depth. */
    double[] rates() {
        double[] rates = new double[DEEPEST];
        double worse = 1; // of the depths before, against what was taken for granted there
        for (int depth = 0; depth < DEEPEST; depth++) {
            double expected = Math.min(1, worse * prior[depth]);
            rates[depth] = (accepted[depth] + granted[depth] * expected) / (tried[depth] + granted[depth]);
            worse = prior[depth] == 0 ? 1 : rates[depth] / prior[depth];
        }
        return rates;
    }
}
