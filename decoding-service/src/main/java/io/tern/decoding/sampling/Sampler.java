package io.tern.decoding.sampling;

import io.tern.decoding.model.Logits;

/** Chooses the token of a position from its logits. Owned by one sequence. */
@FunctionalInterface
public interface Sampler {
    /**
     * @param row of the logits
     * @param place of the token in the output, from 0; decides the draw
     */
    int sample(Logits logits, int row, int place);

    /**
     * The sampler of a request. Its penalties follow {@code counts}, which the caller keeps up to date.
     *
     * @param vocabularySize of all logits that it will see
     */
    static Sampler of(SamplingParameters parameters, TokenCounts counts, int vocabularySize) {
        FilteredRow row = FilteredRow.of(parameters, counts, vocabularySize);
        if (parameters.isGreedy()) {
            return row.changesNothing() ? (logits, index, _) -> logits.argMax(index) : new GreedySampler(row);
        }
        return new RandomSampler(
                new TokenDistribution(parameters, row, vocabularySize), new CounterRandom(parameters.seed()));
    }
}
