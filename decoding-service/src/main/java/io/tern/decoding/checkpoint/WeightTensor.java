package io.tern.decoding.checkpoint;

import io.tern.tensor.Shape;

/** A trained tensor as its file stores it: rows of numbers, decoded when asked for. */
public interface WeightTensor {
    /** As the file calls it. */
    String name();

    /** Outermost dimension first; a projection is [out, in]. At least one dimension, none of them 0. */
    Shape shape();

    /** Exact values of a row into the first {@link #columns} places of {@code into}. */
    void dequantizeRow(long row, float[] into);

    /** Those of {@code begin..end - 1} as a tensor of their own, over the same memory. */
    WeightTensor rows(long begin, long end);

    /** Elements of a row: the innermost dimension. */
    default int columns() {
        return (int) shape().dimension(shape().rank() - 1);
    }

    /** All outer dimensions together. */
    default long rows() {
        return shape().size() / columns();
    }
}
