package io.tern.decoding;

import io.tern.decoding.model.Logits;
import java.util.function.BooleanSupplier;

/** Logits in arrays, which complain when they are read too late. */
public record FakeLogits(float[][] values, BooleanSupplier valid) implements Logits {
    public FakeLogits(float[]... values) {
        this(values, () -> true);
    }

    @Override
    public int rows() {
        return values.length;
    }

    @Override
    public int vocabularySize() {
        return values[0].length;
    }

    @Override
    public float get(int row, int token) {
        if (!valid.getAsBoolean()) {
            throw new IllegalStateException("logits of an earlier forward");
        }
        return values[row][token];
    }

    @Override
    public void copyRow(int row, float[] into) {
        get(row, 0);
        System.arraycopy(values[row], 0, into, 0, values[row].length);
    }
}
