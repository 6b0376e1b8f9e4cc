package io.tern.decoding.draft;

import java.util.Arrays;

/**
 * How likely a path has to be, by the account of the drafter that guesses it, for what it costs. When a guess is there, the
 * drafter's run for it is spent: it has to be worth a row of the target's run; and to be gone on from, a further run and
 * the row that this would give. In tokens, or probabilities of one.
 */
public final class LeastChance {
    /** Whatever the chances. */
    public static final LeastChance NONE = new LeastChance(new double[] {0}, 0);

    private final double[] rows;
    private final double run;

    /**
     * @param rows of the target for one token more, by its depth from 0; deeper ones cost what the last one does
     * @param run of the drafter
     */
    LeastChance(double[] rows, double run) {
        this.rows = rows.clone();
        this.run = run;
    }

    /** Every row costs the same. */
    static LeastChance even(double row, double run) {
        return new LeastChance(new double[] {row}, run);
    }

    /** For a guess at this depth to be drafted. */
    double ofRow(int depth) {
        return Math.min(1, rows[Math.min(depth, rows.length - 1)]);
    }

    /** For the drafter to go on from a guess at this depth. */
    double ofRun(int depth) {
        return Math.min(1, run + ofRow(depth + 1));
    }

    @Override
    public String toString() {
        return Arrays.toString(rows) + " and " + run;
    }
}
