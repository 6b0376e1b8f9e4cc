package io.tern.embedding.contrastive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tern.embedding.UnitVectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InfoNceTest {
    @Test
    void equalScoresTellNothing() {
        for (int size : new int[] {1, 2, 7, 100}) {
            InfoNce blind = InfoNce.of(new double[size][size]);
            assertThat(blind.loss()).isCloseTo(Math.log(size), within(1e-12));
            assertThat(blind.mutualInformationBound()).isCloseTo(0, within(1e-12));
        }
    }

    /** With s on the diagonal and 0 elsewhere: L = log(1 + (N - 1) exp(-s)). */
    @Test
    void equalsItsClosedForm() {
        for (int size : new int[] {2, 5, 64}) {
            for (double s : new double[] {-3, 0.5, 4, 700, 5000}) {
                double[][] scores = new double[size][size];
                for (int i = 0; i < size; i++) {
                    scores[i][i] = s;
                }
                InfoNce measured = InfoNce.of(scores);
                double expected = s > 700 ? 0 : Math.log1p((size - 1) * Math.exp(-s));
                assertThat(measured.loss()).as("%d, %s", size, s).isCloseTo(expected, within(1e-9));
                assertThat(measured.accuracy()).isEqualTo(s > 0 ? 1 : 0);
            }
        }
    }

    @Test
    void aConstantOfARowChangesNothing() {
        Random random = new Random(1);
        double[][] scores = new double[9][9];
        double[][] shifted = new double[9][9];
        for (int i = 0; i < 9; i++) {
            double shift = 100 * random.nextGaussian();
            for (int j = 0; j < 9; j++) {
                scores[i][j] = random.nextGaussian();
                shifted[i][j] = scores[i][j] + shift;
            }
        }
        assertThat(InfoNce.of(shifted).loss()).isCloseTo(InfoNce.of(scores).loss(), within(1e-10));
    }

    /**
     * Of two Gaussians with correlation ρ the mutual information and the best scores are known: the bound grows with the
     * batch, stays below log N in each batch, and on the mean below the truth, which it comes near.
     */
    @Test
    void theBoundGrowsWithTheBatchUpToWhatIsTrue() {
        double rho = 0.95;
        int dimensions = 2;
        double truth = -0.5 * dimensions * Math.log(1 - rho * rho);
        Random random = new Random(42);
        double before = Double.NEGATIVE_INFINITY;
        for (int size : new int[] {2, 4, 8, 16, 64, 256, 512}) {
            int rounds = 20_000 / size;
            double sum = 0;
            for (int round = 0; round < rounds; round++) {
                InfoNce batch = InfoNce.of(gaussianScores(size, dimensions, rho, random));
                assertThat(batch.mutualInformationBound()).isLessThanOrEqualTo(Math.log(size));
                sum += batch.mutualInformationBound();
            }
            double bound = sum / rounds;
            assertThat(bound).as("N = %d", size).isGreaterThan(before);
            // The mean of 20,000 things; its standard error is below 0.01.
            assertThat(bound).as("N = %d", size).isLessThan(truth + 0.03);
            before = bound;
        }
        assertThat(before).isGreaterThan(truth - 0.1);
    }

    /** f = log p(y|x)/p(y), whose -log p(y) is the column's and has to stay in. */
    private static double[][] gaussianScores(int size, int dimensions, double rho, Random random) {
        double[][] x = new double[size][dimensions];
        double[][] y = new double[size][dimensions];
        for (int i = 0; i < size; i++) {
            for (int d = 0; d < dimensions; d++) {
                x[i][d] = random.nextGaussian();
                y[i][d] = rho * x[i][d] + Math.sqrt(1 - rho * rho) * random.nextGaussian();
            }
        }
        double[][] scores = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                for (int d = 0; d < dimensions; d++) {
                    double given = y[j][d] - rho * x[i][d];
                    scores[i][j] += -given * given / (2 * (1 - rho * rho)) + y[j][d] * y[j][d] / 2;
                }
            }
        }
        return scores;
    }

    @Test
    void batchesAreMeasuredOneByOne() {
        double[][] scores = {{1, 0, 9, 9}, {0, 1, 9, 9}, {9, 9, 1, 0}, {9, 9, 0, 1}};
        InfoNce pairs = InfoNce.inBatches(scores, 2);
        assertThat(pairs.size()).isEqualTo(2);
        assertThat(pairs.loss()).isCloseTo(Math.log1p(Math.exp(-1)), within(1e-12));
        assertThat(pairs.accuracy()).isEqualTo(1);
        assertThat(InfoNce.of(scores).accuracy()).isZero();
        assertThat(InfoNce.inBatches(scores, 3).size())
                .as("the fourth is left out")
                .isEqualTo(3);
        assertThatIllegalArgumentException().isThrownBy(() -> InfoNce.inBatches(scores, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> InfoNce.of(new double[0][0]));
        assertThatIllegalArgumentException().isThrownBy(() -> InfoNce.of(new double[][] {{1, 2}}));
    }

    @Test
    void pairsOnACircle() {
        List<float[]> left = new ArrayList<>();
        List<float[]> right = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            double angle = Math.PI / 2 * i;
            left.add(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)});
            right.add(
                    UnitVectors.normalize(new float[] {(float) Math.cos(angle + 0.1), (float) Math.sin(angle + 0.1)}));
        }
        Pairs pairs = new Pairs(left, right);
        assertThat(pairs.alignment()).isCloseTo(2 - 2 * Math.cos(0.1), within(1e-6));
        // Of six pairs four are neighbours at a squared distance of 2, two opposite at 4.
        assertThat(pairs.uniformity()).isCloseTo(Math.log((4 * Math.exp(-4) + 2 * Math.exp(-8)) / 6), within(1e-6));
        assertThat(pairs.scores(0.5)[0][0]).isCloseTo(2 * Math.cos(0.1), within(1e-6));
        assertThat(InfoNce.of(pairs.scores(0.05)).accuracy()).isEqualTo(1);
    }
}
