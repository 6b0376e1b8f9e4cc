package io.tern.embedding.contrastive;

import java.util.ArrayList;
import java.util.List;

/**
 * How well each of N things finds its partner among the partners of all: the categorical cross-entropy of the right one.
 * Van den Oord et al. 2018, eq. 4.
 *
 * @param size N
 * @param loss mean of -log(exp(f(i,i)) / Σ_j exp(f(i,j))), in nats, at least 0
 * @param accuracy part of the things whose own partner has the highest score; a tie counts as missed
 */
public record InfoNce(int size, double loss, double accuracy) {
    /**
     * @param scores f: [N][N], one row a thing, its own partner on the diagonal; logarithms up to a constant a row of how
     *     much more likely the two come together than by chance
     */
    public static InfoNce of(double[][] scores) {
        if (scores.length == 0) {
            throw new IllegalArgumentException("scores: none (expected: at least one row)");
        }
        double loss = 0;
        int found = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i].length != scores.length) {
                throw new IllegalArgumentException(
                        "scores: " + scores[i].length + " columns (expected: " + scores.length + ", as many as rows)");
            }
            loss += logSumExp(scores[i]) - scores[i][i];
            found += isHighest(scores[i], i) ? 1 : 0;
        }
        return new InfoNce(scores.length, loss / scores.length, (double) found / scores.length);
    }

    /**
     * The mean over consecutive batches; things that fill no batch are left out.
     *
     * @param batch N of each, 1..number of things
     */
    public static InfoNce inBatches(double[][] scores, int batch) {
        if (batch < 1 || batch > scores.length) {
            throw new IllegalArgumentException("batch: " + batch + " (expected: 1.." + scores.length + ")");
        }
        List<InfoNce> batches = new ArrayList<>();
        for (int from = 0; from + batch <= scores.length; from += batch) {
            double[][] part = new double[batch][batch];
            for (int i = 0; i < batch; i++) {
                System.arraycopy(scores[from + i], from, part[i], 0, batch);
            }
            batches.add(of(part));
        }
        return new InfoNce(
                batch,
                batches.stream().mapToDouble(InfoNce::loss).average().orElseThrow(),
                batches.stream().mapToDouble(InfoNce::accuracy).average().orElseThrow());
    }

    /**
     * What the two sides tell of each other at least, in nats: log N - loss, never more than log N, so that much mutual
     * information takes large batches to be seen. Van den Oord et al. 2018, section 2.3.
     */
    public double mutualInformationBound() {
        return Math.log(size) - loss;
    }

    private static double logSumExp(double[] row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : row) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (double score : row) {
            sum += Math.exp(score - largest);
        }
        return largest + Math.log(sum);
    }

    private static boolean isHighest(double[] row, int own) {
        for (int j = 0; j < row.length; j++) {
            if (j != own && row[j] >= row[own]) {
                return false;
            }
        }
        return true;
    }
}
