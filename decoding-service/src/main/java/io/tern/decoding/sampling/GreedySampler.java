package io.tern.decoding.sampling;

import io.tern.decoding.model.Logits;

/** The likeliest token after bias and penalties; of equal ones the smallest id. */
record GreedySampler(FilteredRow row) implements Sampler {
    @Override
    public int sample(Logits logits, int index, int place) {
        return Logits.argMax(row.read(logits, index));
    }
}
