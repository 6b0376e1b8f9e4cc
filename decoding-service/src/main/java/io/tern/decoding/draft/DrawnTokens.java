package io.tern.decoding.draft;

import io.tern.decoding.sampling.CounterRandom;
import io.tern.decoding.sampling.Exponential;
import java.util.Arrays;

/**
 * Draws tokens without replacement from the likeliest candidates at the request's temperature, as rejection sampling wants
 * it: what is drawn and from what are told together. Owned by one sequence.
 */
public final class DrawnTokens implements TokenChoice {
    /** Parts these draws from those of the target, which the same seed decides. */
    private static final long STREAM = 0x64726166_74657221L;

    private final double temperature;
    private final CounterRandom random;
    private long draws;

    /** @param temperature above 0 */
    public DrawnTokens(double temperature, long seed) {
        this.temperature = temperature;
        this.random = new CounterRandom(seed ^ STREAM);
    }

    @Override
    public boolean draws() {
        return true;
    }

    @Override
    public Picked pick(Candidates candidates, int count) {
        if (candidates.size() == 0) {
            return new Picked(new int[0], null);
        }
        double[] weights = weights(candidates);
        Proposal proposal = new Proposal(candidates.tokens(), normalised(weights));
        int[] picks = new int[Math.min(count, weights.length)];
        int made = 0;
        while (made < picks.length) {
            int drawn = draw(weights);
            if (drawn < 0) {
                break; // what is left has no weight
            }
            picks[made++] = drawn;
            weights[drawn] = 0;
        }
        return new Picked(Arrays.copyOf(picks, made), proposal);
    }

    private double[] weights(Candidates candidates) {
        double[] weights = new double[candidates.size()];
        for (int i = 0; i < weights.length; i++) {
            double below = candidates.logProbabilities()[i] - candidates.logProbabilities()[0];
            weights[i] = Exponential.of(below / temperature);
        }
        return weights;
    }

    private static double[] normalised(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double[] normalised = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            normalised[i] = weights[i] / sum;
        }
        return normalised;
    }

    private int draw(double[] weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double target = random.uniform(draws++) * total;
        int last = -1;
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                sum += weights[i];
                if (sum > target) {
                    break;
                }
            }
        }
        return last;
    }
}
