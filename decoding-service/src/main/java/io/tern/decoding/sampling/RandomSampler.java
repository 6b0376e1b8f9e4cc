package io.tern.decoding.sampling;

import io.tern.decoding.model.Logits;

/** Draws each token with its place's random number. */
record RandomSampler(TokenDistribution distribution, CounterRandom random) implements Sampler {
    @Override
    public int sample(Logits logits, int row, int place) {
        distribution.read(logits, row);
        return distribution.draw(random.uniform(place));
    }
}
