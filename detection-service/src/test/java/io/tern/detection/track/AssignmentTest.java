package io.tern.detection.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    @Test
    void takesTheLeastTotalNotTheLeastPair() {
        double[][] costs = {{0.1, 0.2}, {0.15, 0.9}};
        assertThat(Assignment.solve(costs, 2, 1)).containsExactly(1, 0);
    }

    @Test
    void leavesARowAloneRatherThanPayMoreThanTheLimit() {
        assertThat(Assignment.solve(new double[][] {{0.81}}, 1, 0.8)).containsExactly(Assignment.NONE);
        assertThat(Assignment.solve(new double[][] {{0.8}}, 1, 0.8)).containsExactly(0);
        assertThat(Assignment.solve(new double[][] {{INFINITE, 0.1}, {INFINITE, 0.2}}, 2, 0.8))
                .containsExactly(1, Assignment.NONE);
        assertThat(Assignment.solve(new double[][] {{}, {}}, 0, 0.8)).containsExactly(Assignment.NONE, Assignment.NONE);
        assertThat(Assignment.solve(new double[0][], 3, 0.8)).isEmpty();
    }

    @Test
    void costsAsLittleAsTheBestOfAllAssignments() {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            int rows = random.nextInt(6);
            int columns = random.nextInt(6);
            double limit = random.nextDouble();
            double[][] costs = new double[rows][columns];
            for (double[] row : costs) {
                for (int column = 0; column < columns; column++) {
                    row[column] = random.nextInt(5) == 0 ? INFINITE : random.nextDouble();
                }
            }
            int[] solved = Assignment.solve(costs, columns, limit);
            boolean[] taken = new boolean[columns];
            double cost = 0;
            for (int row = 0; row < rows; row++) {
                if (solved[row] == Assignment.NONE) {
                    cost += limit;
                } else {
                    assertThat(taken[solved[row]]).as("round %d", round).isFalse();
                    taken[solved[row]] = true;
                    cost += costs[row][solved[row]];
                }
            }
            assertThat(cost).as("round %d", round).isCloseTo(best(costs, 0, new boolean[columns], limit), within(1e-9));
        }
    }

    /** By trying all. */
    private static double best(double[][] costs, int row, boolean[] taken, double limit) {
        if (row == costs.length) {
            return 0;
        }
        double best = limit + best(costs, row + 1, taken, limit);
        for (int column = 0; column < taken.length; column++) {
            if (!taken[column] && costs[row][column] <= limit) {
                taken[column] = true;
                best = Math.min(best, costs[row][column] + best(costs, row + 1, taken, limit));
                taken[column] = false;
            }
        }
        return best;
    }
}
