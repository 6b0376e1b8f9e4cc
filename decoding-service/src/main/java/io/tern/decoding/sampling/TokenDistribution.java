package io.tern.decoding.sampling;

import io.tern.decoding.model.Logits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The distribution from which a position's token is drawn: after bias, penalties, temperature and truncation. All sums run
 * in double precision in the order of ids and with {@link Exponential}, so that a draw has the same result on every machine
 * that gives the same logits. Owned by one sequence; holds the position that was read last.
 */
public final class TokenDistribution {
    private final double temperature;
    private final FilteredRow row;
    private final List<Truncation> truncations;
    private final Candidates candidates;
    private final double[] weights;
    private double total;

    TokenDistribution(SamplingParameters parameters, FilteredRow row, int vocabularySize) {
        this.temperature = parameters.temperature();
        this.row = row;
        this.truncations = truncations(parameters);
        this.candidates = new Candidates(vocabularySize);
        this.weights = new double[vocabularySize];
    }

    /**
     * Of a request that draws. Its penalties follow {@code counts}, which the caller keeps up to date.
     *
     * @throws IllegalArgumentException for a greedy one
     */
    public static TokenDistribution of(SamplingParameters parameters, TokenCounts counts, int vocabularySize) {
        if (parameters.isGreedy()) {
            throw new IllegalArgumentException("temperature: 0 (expected: above 0)");
        }
        return new TokenDistribution(parameters, FilteredRow.of(parameters, counts, vocabularySize), vocabularySize);
    }

    private static List<Truncation> truncations(SamplingParameters parameters) {
        List<Truncation> truncations = new ArrayList<>();
        if (parameters.minP() > 0) {
            truncations.add(new Truncation.MinP(parameters.minP()));
        }
        if (parameters.topK() > 0) {
            truncations.add(new Truncation.TopK(parameters.topK()));
        }
        if (parameters.topP() < 1) {
            truncations.add(new Truncation.TopP(parameters.topP()));
        }
        return List.copyOf(truncations);
    }

    /** Turns to a row of the logits. */
    public void read(Logits logits, int index) {
        candidates.fill(row.read(logits, index), temperature);
        truncations.forEach(truncation -> truncation.apply(candidates));
        total = 0;
        for (int i = 0; i < candidates.size(); i++) {
            weights[i] = Exponential.of(candidates.logit(i));
            total += weights[i];
        }
    }

    /** All of them, by token id, over the whole of {@code into}. */
    public void probabilities(double[] into) {
        Arrays.fill(into, 0);
        for (int i = 0; i < candidates.size(); i++) {
            into[candidates.token(i)] = weights[i] / total;
        }
    }

    /** Of one token; 0 if a truncation has dropped it. */
    public double probability(int token) {
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.token(i) == token) {
                return weights[i] / total;
            }
        }
        return 0;
    }

    /** In nats. */
    public double entropy() {
        double sum = 0;
        for (int i = 0; i < candidates.size(); i++) {
            sum += weights[i] == 0 ? 0 : weights[i] * candidates.logit(i);
        }
        return StrictMath.log(total) - sum / total;
    }

    /** Of equal ones the first in the order of ids. */
    public int likeliest() {
        int best = 0;
        for (int i = 1; i < candidates.size(); i++) {
            best = weights[i] > weights[best] ? i : best;
        }
        return candidates.token(best);
    }

    /** Inverts the distribution function over token ids. */
    public int draw(double uniform) {
        double target = uniform * total;
        double sum = 0;
        int last = 0;
        for (int i = 0; i < candidates.size(); i++) {
            if (weights[i] > 0) {
                last = i;
                sum += weights[i];
                if (sum > target) {
                    break;
                }
            }
        }
        return candidates.token(last);
    }
}
