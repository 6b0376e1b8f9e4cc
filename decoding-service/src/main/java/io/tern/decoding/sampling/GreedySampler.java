package io.tern.decoding.sampling;

import io.tern.decoding.model.Logits;

/** The likeliest token after bias and penalties; of equal ones the smallest id. */
record GreedySampler(FilteredRow row) implements Sampler {
    @Override
    public int sample(Logits logits, int index, int place) {
        float[] values = row.read(logits, index);
        int best = 0;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < values.length; token++) {
            if (!(values[token] <= greatest)) { // written so that NaN comes in too
                Logits.requireFinite(values[token]);
                greatest = values[token];
                best = token;
            }
        }
        Logits.requireFinite(greatest);
        return best;
    }
}
