package io.tern.decoding.convert;

/** Rows of a matrix in another order. */
@FunctionalInterface
interface RowOrder {
    /** Where a row is taken from. */
    int source(int row);
}
