package io.tern.decoding.head;

import java.util.ArrayList;
import java.util.List;

/** Rows that a layer runs together: each a feature, the token behind it, its position, and which of the others it sees. */
final class LayerRows {
    private static final float HIDDEN = -1e9f;

    private final int past;
    private final List<float[]> features = new ArrayList<>();
    private final List<Integer> tokens = new ArrayList<>();
    private final List<Integer> positions = new ArrayList<>();
    private final List<Sight> sights = new ArrayList<>();

    /** @param past rows in the memory */
    LayerRows(int past) {
        this.past = past;
    }

    /** Whether a row attends to another one, counted from the oldest in memory on. */
    @FunctionalInterface
    interface Sight {
        boolean sees(int row);
    }

    /** A row that sees all before it, and itself. */
    void add(float[] feature, int token, int position) {
        int self = past + size();
        add(feature, token, position, row -> row <= self);
    }

    void add(float[] feature, int token, int position, Sight sight) {
        features.add(feature);
        tokens.add(token);
        positions.add(position);
        sights.add(sight);
    }

    int size() {
        return tokens.size();
    }

    float[] feature(int row) {
        return features.get(row);
    }

    int token(int row) {
        return tokens.get(row);
    }

    int position(int row) {
        return positions.get(row);
    }

    /** Added to the scores of a row, [past + size]. */
    float[] bias(int row) {
        float[] bias = new float[past + size()];
        for (int other = 0; other < bias.length; other++) {
            bias[other] = sights.get(row).sees(other) ? 0 : HIDDEN;
        }
        return bias;
    }
}
