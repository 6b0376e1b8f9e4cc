package io.tern.decoding.draft;

import io.tern.decoding.model.HiddenStates;

/**
 * The rows of a forward that stand.
 *
 * @param kept rows of {@code all}, in the order of the text
 */
public record KeptStates(HiddenStates all, int[] kept) implements HiddenStates {
    @Override
    public int rows() {
        return kept.length;
    }

    @Override
    public int width() {
        return all.width();
    }

    @Override
    public void copyRow(int row, float[] into) {
        all.copyRow(kept[row], into);
    }
}
