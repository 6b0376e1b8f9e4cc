package io.tern.decoding.model;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;

/** Unnormalised log probabilities at some positions: [rows, vocabulary]. Valid until the next forward on the same cache. */
public interface Logits {
    int rows();

    int vocabularySize();

    float get(int row, int token);

    /** Copies a row into the first {@code vocabularySize()} places of {@code into}. */
    void copyRow(int row, float[] into);

    /**
     * Token with the greatest logit; of equal ones the smallest id. The row is copied for it: an array is scanned several times
     * as fast as native memory is, even before all is compiled.
     *
     * @throws TernException as {@link #requireFinite}
     */
    default int argMax(int row) {
        float[] values = new float[vocabularySize()];
        copyRow(row, values);
        return argMax(values);
    }

    /**
     * The same for a row that was copied.
     *
     * @throws TernException as {@link #requireFinite}
     */
    static int argMax(float[] row) {
        int best = 0;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int token = 0; token < row.length; token++) {
            if (!(row[token] <= greatest)) { // written so that NaN comes in too
                requireFinite(row[token]);
                greatest = row[token];
                best = token;
            }
        }
        requireFinite(greatest);
        return best;
    }

    /**
     * A row without a greatest number chooses nothing, and its text cannot go on.
     *
     * @param greatest of a row; NaN if any of it is NaN
     * @throws TernException INTERNAL_ERROR if it is NaN or infinite
     */
    static void requireFinite(float greatest) {
        if (!Float.isFinite(greatest)) {
            throw new TernException(ErrorCode.INTERNAL_ERROR, "logits: " + greatest + " (expected: finite numbers)");
        }
    }
}
