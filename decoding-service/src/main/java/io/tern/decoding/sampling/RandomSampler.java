package io.tern.decoding.sampling;

import io.tern.decoding.model.Logits;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws by inverting the distribution function over token ids. All sums run in double precision in the order of ids and
 * with {@link StrictMath}, so that a draw has the same result on every machine that gives the same logits.
 */
final class RandomSampler implements Sampler {
    private final double temperature;
    private final FilteredRow row;
    private final List<Truncation> truncations;
    private final CounterRandom random;
    private final Candidates candidates;
    private final double[] weights;

    RandomSampler(SamplingParameters parameters, FilteredRow row, int vocabularySize) {
        this.temperature = parameters.temperature();
        this.row = row;
        this.truncations = truncations(parameters);
        this.random = new CounterRandom(parameters.seed());
        this.candidates = new Candidates(vocabularySize);
        this.weights = new double[vocabularySize];
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

    @Override
    public int sample(Logits logits, int index, int place) {
        candidates.fill(row.read(logits, index), temperature);
        truncations.forEach(truncation -> truncation.apply(candidates));
        return draw(random.uniform(place));
    }

    private int draw(double uniform) {
        double total = 0;
        for (int i = 0; i < candidates.size(); i++) {
            weights[i] = StrictMath.exp(candidates.logit(i));
            total += weights[i];
        }
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
