package io.tern.decoding.sampling;

import java.util.Map;

/** Adds a constant to some tokens' logits. */
record LogitBias(Map<Integer, Double> biases) implements LogitsFilter {
    @Override
    public void apply(float[] logits) {
        biases.forEach((token, bias) -> logits[token] += bias.floatValue());
    }
}
