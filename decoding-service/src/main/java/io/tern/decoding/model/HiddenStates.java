package io.tern.decoding.model;

/**
 * What the target knows after each token: its last hidden state behind the final norm, from which the logits are made,
 * [rows, width]. Valid until the next forward on the same cache.
 */
public interface HiddenStates {
    int rows();

    int width();

    /** Copies a row into the first {@code width()} places of {@code into}. */
    void copyRow(int row, float[] into);
}
