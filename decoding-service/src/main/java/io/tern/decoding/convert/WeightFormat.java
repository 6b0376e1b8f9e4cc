package io.tern.decoding.convert;

import java.io.IOException;

/** How matrices are stored and multiplied; each method adds nodes and weights and returns the name of its result. */
interface WeightFormat {
    /** {@code input} [.., columns] times the transpose of the matrix: [.., rows]. */
    String multiply(String input, String name, Matrix matrix) throws IOException;

    /** Rows of the table by token id: int64 [1, T] to [1, T, columns]. */
    String embed(String tokenIds, Matrix table) throws IOException;

    /** {@code input} [R, columns] to logits [R, rows]; stores the table only if {@link #embed} has not. */
    void logits(String input, Matrix table, String output) throws IOException;
}
