package io.tern.embedding.contrastive;

import io.tern.embedding.UnitVectors;
import java.util.List;

/**
 * Things and their partners as unit vectors.
 *
 * @param left [N][width]
 * @param right [N][width], in the same order
 */
public record Pairs(List<float[]> left, List<float[]> right) {
    /** Of the uniformity's kernel: Wang & Isola 2020, section 4.2. */
    private static final double KERNEL = 2;

    public Pairs {
        left = List.copyOf(left);
        right = List.copyOf(right);
        if (left.size() != right.size() || left.isEmpty()) {
            throw new IllegalArgumentException(
                    "pairs: " + left.size() + " and " + right.size() + " (expected: as many, at least one)");
        }
    }

    /** Cosines over a temperature: [N][N]. */
    public double[][] scores(double temperature) {
        double[][] scores = new double[left.size()][right.size()];
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                scores[i][j] = UnitVectors.dot(left.get(i), right.get(j)) / temperature;
            }
        }
        return scores;
    }

    /** Mean squared distance of partners, 0..4: Wang & Isola 2020, eq. 4.1 with α = 2. */
    public double alignment() {
        double sum = 0;
        for (int i = 0; i < left.size(); i++) {
            sum += squaredDistance(left.get(i), right.get(i));
        }
        return sum / left.size();
    }

    /** How evenly the left side lies on the sphere, 0 where all are one, the less the better: Wang & Isola 2020, eq. 4.2. */
    public double uniformity() {
        if (left.size() == 1) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < left.size(); i++) {
            for (int j = 0; j < i; j++) {
                sum += Math.exp(-KERNEL * squaredDistance(left.get(i), left.get(j)));
            }
        }
        return Math.log(sum / (left.size() * (left.size() - 1) / 2.0));
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }
}
