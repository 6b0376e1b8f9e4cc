package io.tern.decoding;

import io.tern.decoding.model.HiddenStates;
import java.util.function.BooleanSupplier;

/** Hidden states in arrays, which complain when they are read too late. */
record FakeHiddenStates(float[][] values, BooleanSupplier valid) implements HiddenStates {
    @Override
    public int rows() {
        return values.length;
    }

    @Override
    public int width() {
        return FakeLanguageModel.HIDDEN;
    }

    @Override
    public void copyRow(int row, float[] into) {
        if (!valid.getAsBoolean()) {
            throw new IllegalStateException("hidden states of an earlier forward");
        }
        System.arraycopy(values[row], 0, into, 0, values[row].length);
    }
}
