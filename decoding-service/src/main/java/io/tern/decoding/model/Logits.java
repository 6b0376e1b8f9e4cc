package io.tern.decoding.model;

/** Unnormalised log probabilities at some positions: [rows, vocabulary]. Valid until the next forward on the same cache. */
public interface Logits {
    int rows();

    int vocabularySize();

    float get(int row, int token);

    /** Copies a row into the first {@code vocabularySize()} places of {@code into}. */
    void copyRow(int row, float[] into);

    /** Token with the greatest logit; of equal ones the smallest id. */
    int argMax(int row);
}
