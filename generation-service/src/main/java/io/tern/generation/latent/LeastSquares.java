package io.tern.generation.latent;

/** Weights of a linear map by the normal equations, for a few dozen unknowns. Used by one thread. */
final class LeastSquares {
    /** So that there is an answer where the samples leave one open. */
    private static final double RIDGE = 1e-6;

    private final double[][] products;
    private final double[] targets;

    LeastSquares(int unknowns) {
        products = new double[unknowns][unknowns];
        targets = new double[unknowns];
    }

    void add(double[] values, double target) {
        for (int i = 0; i < targets.length; i++) {
            targets[i] += values[i] * target;
            for (int j = 0; j < targets.length; j++) {
                products[i][j] += values[i] * values[j];
            }
        }
    }

    /** By Gauss and Jordan. The matrix is symmetric and, with the ridge, positive definite: no pivot is needed. */
    double[] solve() {
        int n = targets.length;
        for (int i = 0; i < n; i++) {
            products[i][i] += RIDGE;
        }
        for (int pivot = 0; pivot < n; pivot++) {
            for (int row = 0; row < n; row++) {
                if (row != pivot) {
                    double factor = products[row][pivot] / products[pivot][pivot];
                    for (int column = pivot; column < n; column++) {
                        products[row][column] -= factor * products[pivot][column];
                    }
                    targets[row] -= factor * targets[pivot];
                }
            }
        }
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            weights[i] = targets[i] / products[i][i];
        }
        return weights;
    }
}
