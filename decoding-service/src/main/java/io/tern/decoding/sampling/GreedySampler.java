package io.tern.decoding.sampling;

import io.tern.decoding.model.Logits;

/** The likeliest token after bias and penalties; of equal ones the smallest id. */
record GreedySampler(FilteredRow row) implements Sampler {
    @Override
    public int sample(Logits logits, int index, int place) {
        float[] values = row.read(logits, index);
        int best = 0;
        for (int token = 1; token < values.length; token++) {
            if (values[token] > values[best]) {
                best = token;
            }
        }
        return best;
    }
}
