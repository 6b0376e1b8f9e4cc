package io.tern.detection.track;

import java.util.Arrays;

/**
 * Pairs rows with columns at the least total cost, where a row may also stay alone at a fixed price. By shortest
 * augmenting paths, Jonker &amp; Volgenant 1987.
 */
final class Assignment {
    static final int NONE = -1;

    private final double[][] costs;
    private final double limit;
    private final int rows;
    private final int columns;
    /** Of each row and column; what Dijkstra needs to see no negative edge. */
    private final double[] rowPotential;

    private final double[] columnPotential;
    private final int[] rowOf;

    private Assignment(double[][] costs, int columns, double limit) {
        this.costs = costs;
        this.limit = limit;
        this.rows = costs.length;
        this.columns = columns;
        rowPotential = new double[rows];
        columnPotential = new double[columns + rows];
        rowOf = new int[columns + rows];
        Arrays.fill(rowOf, NONE);
    }

    /**
     * @param costs [rows][columns], at least 0; infinity for a pair that must not be
     * @param limit what a row without a column costs; no pair that costs more is made
     * @return for each row its column or {@link #NONE}
     */
    static int[] solve(double[][] costs, int columns, double limit) {
        Assignment assignment = new Assignment(costs, columns, limit);
        for (int row = 0; row < costs.length; row++) {
            assignment.augment(row);
        }
        int[] columnOf = new int[costs.length];
        Arrays.fill(columnOf, NONE);
        for (int column = 0; column < columns; column++) {
            if (assignment.rowOf[column] != NONE) {
                columnOf[assignment.rowOf[column]] = column;
            }
        }
        return columnOf;
    }

    /** The columns behind the last one are the rows' own, for staying alone. */
    private double cost(int row, int column) {
        if (column < columns) {
            return costs[row][column] <= limit ? costs[row][column] : Double.POSITIVE_INFINITY;
        }
        return column - columns == row ? limit : Double.POSITIVE_INFINITY;
    }

    /** Brings in one more row by the cheapest path of exchanges to a free column: Dijkstra over reduced costs. */
    private void augment(int start) {
        int all = columns + rows;
        double[] distance = new double[all];
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        int[] from = new int[all];
        boolean[] done = new boolean[all];
        int row = start;
        double reached = 0;
        int sink = NONE;
        while (sink == NONE) {
            int nearest = NONE;
            for (int column = 0; column < all; column++) {
                if (done[column]) {
                    continue;
                }
                double through = reached + cost(row, column) - rowPotential[row] - columnPotential[column];
                if (through < distance[column]) {
                    distance[column] = through;
                    from[column] = row;
                }
                if (nearest == NONE || distance[column] < distance[nearest]) {
                    nearest = column;
                }
            }
            reached = distance[nearest]; // finite: the row's own column is always there
            done[nearest] = true;
            if (rowOf[nearest] == NONE) {
                sink = nearest;
            } else {
                row = rowOf[nearest];
            }
        }
        updatePotentials(start, done, distance, reached);
        turn(start, sink, from);
    }

    private void updatePotentials(int start, boolean[] done, double[] distance, double reached) {
        rowPotential[start] += reached;
        for (int column = 0; column < done.length; column++) {
            if (done[column] && rowOf[column] != NONE) {
                rowPotential[rowOf[column]] += reached - distance[column];
                columnPotential[column] -= reached - distance[column];
            }
        }
    }

    /** Each row on the path takes the column that it was left by. */
    private void turn(int start, int sink, int[] from) {
        int column = sink;
        while (true) {
            int row = from[column];
            int before = columnOf(row);
            rowOf[column] = row;
            if (row == start) {
                return;
            }
            column = before;
        }
    }

    private int columnOf(int row) {
        for (int column = 0; column < rowOf.length; column++) {
            if (rowOf[column] == row) {
                return column;
            }
        }
        return NONE;
    }
}
