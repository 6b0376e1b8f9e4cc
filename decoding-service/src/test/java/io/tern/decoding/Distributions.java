package io.tern.decoding;

import java.util.Arrays;

/** Whether counts are what a distribution gives. */
public final class Distributions {
    /** Three in ten million a test. */
    public static final double FALSE_ALARM_Z = 5;

    private Distributions() {}

    public static double[] softmax(float[] logits, double temperature) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            greatest = Math.max(greatest, logit);
        }
        double[] p = new double[logits.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp((logits[i] - greatest) / temperature);
        }
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(value -> value / sum).toArray();
    }

    /**
     * How many standard deviations a normal variable would have to be off for the same chi-square (Wilson and Hilferty
     * 1931). Cells with fewer than eight expected counts are taken together; a count where none can be is infinitely off.
     */
    public static double z(long[] counts, double[] probabilities) {
        long rounds = Arrays.stream(counts).sum();
        double chiSquare = 0;
        double restExpected = 0;
        long rest = 0;
        int cells = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = rounds * probabilities[i];
            if (expected == 0 && counts[i] > 0) {
                return Double.POSITIVE_INFINITY;
            }
            if (expected < 8) {
                restExpected += expected;
                rest += counts[i];
            } else {
                chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
                cells++;
            }
        }
        if (restExpected >= 8) {
            chiSquare += (rest - restExpected) * (rest - restExpected) / restExpected;
            cells++;
        }
        int freedom = Math.max(1, cells - 1);
        double spread = 2.0 / (9 * freedom);
        return (Math.cbrt(chiSquare / freedom) - (1 - spread)) / Math.sqrt(spread);
    }
}
