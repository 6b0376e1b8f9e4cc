package io.tern.machine;

/**
 * Whether a row of a model, a token or a picture, has the same bits whatever rows run with it, tried on one machine.
 *
 * @param minimumRows fewest rows of a run for which that holds; smaller runs are padded
 */
public record Exactness(boolean bitExact, int minimumRows) {
    public static final int MAX_MINIMUM_ROWS = 16;
    /** Nothing is promised, so nothing is padded. */
    public static final Exactness NONE = new Exactness(false, 1);

    public Exactness {
        if (minimumRows < 1 || minimumRows > MAX_MINIMUM_ROWS) {
            throw new IllegalArgumentException(
                    "minimumRows: " + minimumRows + " (expected: 1.." + MAX_MINIMUM_ROWS + ")");
        }
    }
}
