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

    /** Rows of each head from the order of interleaved rotary embedding to that of two halves. */
    Projection halved(int headSize) {
        return new Projection(matrix.reordered(halves(headSize)), bias == null ? null : reordered(bias, headSize));
    }

    private static float[] reordered(float[] bias, int headSize) {
        float[] reordered = Arrays.copyOf(bias, bias.length);
        RowOrder order = halves(headSize);
        for (int i = 0; i < bias.length; i++) {
            reordered[i] = bias[order.source(i)];
        }
        return reordered;
    }

    /**
     * Rows 2i and 2i + 1 of each head, which interleaved rotary embedding turns together, moved to i and headSize / 2 +
     * i: row h·headSize + j·headSize/2 + i comes from h·headSize + 2i + j.
     */
    private static RowOrder halves(int headSize) {
        int half = headSize / 2;
        return row -> {
            int inHead = row % headSize;
            return row - inHead + 2 * (inHead % half) + inHead / half;
        };
    }
}
