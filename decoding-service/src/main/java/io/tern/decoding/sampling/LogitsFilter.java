package io.tern.decoding.sampling;

/** Changes the logits of one position in place, by token id. */
@FunctionalInterface
public interface LogitsFilter {
    void apply(float[] logits);
}
