package io.tern.decoding.model;

/**
 * Whether a token's result has the same bits however a text is cut into steps.
 *
 * @param minimumRows fewest tokens of a step for which that holds; shorter steps are padded
 */
record Exactness(boolean bitExact, int minimumRows) {
    static final int MAX_MINIMUM_ROWS = 16;
    /** Nothing is promised, so nothing is padded. */
    static final Exactness NONE = new Exactness(false, 1);

    Exactness {
        if (minimumRows < 1 || minimumRows > MAX_MINIMUM_ROWS) {
            throw new IllegalArgumentException(
                    "minimumRows: " + minimumRows + " (expected: 1.." + MAX_MINIMUM_ROWS + ")");
        }
    }
}
