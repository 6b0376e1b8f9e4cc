package io.tern.decoding.convert;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A matrix [out, in] and what is added to its product: [out], or null for nothing. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Projection(Matrix matrix, float @Nullable [] bias) {
    /** One below the other; a part without a bias adds zeros where another has one. */
    static Projection stacked(Projection... projections) {
        List<Projection> parts = List.of(projections);
        Matrix matrix = Matrix.stacked(parts.stream().map(Projection::matrix).toArray(Matrix[]::new));
        if (parts.stream().allMatch(part -> part.bias == null)) {
            return new Projection(matrix, null);
        }
        float[] bias = new float[matrix.rows()];
        int begin = 0;
        for (Projection part : parts) {
            int rows = part.matrix.rows();
            System.arraycopy(part.bias == null ? new float[rows] : part.bias, 0, bias, begin, rows);
            begin += rows;
        }
        return new Projection(matrix, bias);
    }

    Projection reordered(RowOrder order) {
        return new Projection(matrix.reordered(order), bias == null ? null : reordered(bias, order));
    }

    private static float[] reordered(float[] bias, RowOrder order) {
        float[] reordered = Arrays.copyOf(bias, bias.length);
        for (int i = 0; i < bias.length; i++) {
            reordered[i] = bias[order.source(i)];
        }
        return reordered;
    }
}
