package io.tern.decoding.draft;

import java.util.Arrays;

/**
 * The distribution from which a drafter drew the tokens behind one node, q in the papers; tokens that are not in it have
 * probability 0. Drawn without replacement, the first one comes from q itself, the next from q without the first, and so
 * on (Jeon et al. 2024; Chen et al. 2024, Sequoia). Immutable.
 */
public final class Proposal {
    private final int[] tokens;
    private final double[] probabilities;

    /** @param probabilities of the tokens; they sum to 1 up to rounding */
    public Proposal(int[] tokens, double[] probabilities) {
        if (tokens.length != probabilities.length || tokens.length == 0) {
            throw new IllegalArgumentException(
                    "tokens, probabilities: " + tokens.length + ", " + probabilities.length + " (expected: as many)");
        }
        double sum = Arrays.stream(probabilities).sum();
        if (!(Math.abs(sum - 1) < 1e-6) || Arrays.stream(probabilities).anyMatch(p -> p < 0)) {
            throw new IllegalArgumentException("probabilities: sum " + sum + " (expected: 1)");
        }
        this.tokens = tokens.clone();
        this.probabilities = probabilities.clone();
    }

    public int size() {
        return tokens.length;
    }

    public int token(int index) {
        return tokens[index];
    }

    public double probability(int index) {
        return probabilities[index];
    }
}
