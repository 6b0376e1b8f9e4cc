package io.tern.decoding.draft;

import java.util.Arrays;

/**
 * What a forward costs by the number of its rows, as a multiple of one row: linear between measured points and beyond.
 *
 * @param rows measured points, ascending from 1
 * @param costs at these points, ascending from 1
 */
public record CostCurve(int[] rows, double[] costs) {
    /** As measured for 8-bit weights on x86 without matrix units; drafts pay less here than elsewhere. */
    public static final CostCurve DEFAULT =
            new CostCurve(new int[] {1, 2, 4, 8, 16, 32}, new double[] {1, 1.14, 1.7, 3.0, 5.8, 11.4});

    public CostCurve {
        if (rows.length < 2 || rows.length != costs.length || rows[0] != 1) {
            throw new IllegalArgumentException(
                    "rows: " + Arrays.toString(rows) + " (expected: two or more points from 1 on, each with its cost)");
        }
    }

    public double of(int count) {
        int right = 1;
        while (right < rows.length - 1 && rows[right] < count) {
            right++;
        }
        double slope = (costs[right] - costs[right - 1]) / (rows[right] - rows[right - 1]);
        return costs[right - 1] + slope * (count - rows[right - 1]);
    }
}
