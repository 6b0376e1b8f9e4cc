package io.tern.decoding.model;

import io.tern.machine.Exactness;
import java.util.Arrays;

/**
 * Finds the smallest number of rows from which on a token's results have the same bits however a text is cut into steps
 * and whoever runs beside it.
 * Kernels choose their way by the number of rows, by the processor and by its caches, so that it has to be tried.
 */
final class ExactnessProbe {
    /** To be raised when the probe or its trials find out something else. */
    static final int VERSION = 3;

    private static final int[] STEPS = {1, 2, 3, 4, 5, 8, 16, 32};

    private final Trial trial;

    ExactnessProbe(Trial trial) {
        this.trial = trial;
    }

    /** What can be tried on a model; a fixed text each time. */
    interface Trial {
        /** Logits of a window of 32 tokens, run in steps of so many, each step padded to at least {@code minimumRows}. */
        float[][] window(int step, int minimumRows);

        /** Whether a prompt in other pieces leaves the same keys, values and logits, and so do single steps behind it. */
        boolean piecesAgree(int minimumRows);

        /** Whether single steps give the same logits when others run beside them. */
        boolean companyAgrees(int minimumRows);
    }

    Exactness run() {
        float[][] reference = trial.window(STEPS[STEPS.length - 1], 1);
        int minimumRows = fewestEqualRows(reference);
        if (minimumRows > Exactness.MAX_MINIMUM_ROWS) {
            return Exactness.NONE;
        }
        boolean exact = paddedStepsAgree(reference, minimumRows)
                && trial.piecesAgree(minimumRows)
                && trial.companyAgrees(minimumRows);
        return exact ? new Exactness(true, minimumRows) : Exactness.NONE;
    }

    /** The smallest step from which on all larger ones give the same bits. */
    private int fewestEqualRows(float[][] reference) {
        int last = STEPS.length - 1;
        int fewest = STEPS[last];
        for (int i = last - 1; i >= 0 && same(reference, trial.window(STEPS[i], 1)); i--) {
            fewest = STEPS[i];
        }
        return fewest;
    }

    private boolean paddedStepsAgree(float[][] reference, int minimumRows) {
        return Arrays.stream(STEPS)
                .filter(step -> step < minimumRows)
                .allMatch(step -> same(reference, trial.window(step, minimumRows)));
    }

    /** Bit by bit: 0 and -0 differ. */
    private static boolean same(float[][] one, float[][] other) {
        return Arrays.deepEquals(one, other);
    }
}
