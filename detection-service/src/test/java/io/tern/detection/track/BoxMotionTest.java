package io.tern.detection.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.detection.box.Box;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoxMotionTest {
    /** Four filters of one coordinate are the paper's one of eight dimensions, written with its matrices. */
    @Test
    void equalsTheFilterOfEightDimensions() {
        Random random = new Random(5);
        double[] truth = {200, 150, 0.5, 80};
        BoxMotion motion = new BoxMotion(box(truth));
        Kalman8 reference = new Kalman8(truth);
        for (int frame = 0; frame < 200; frame++) {
            motion.predict();
            reference.predict();
            assertSame(motion, reference, frame);
            if (random.nextInt(3) > 0) {
                double[] measured = {
                    200 + 3 * frame + random.nextGaussian(),
                    150 - 0.5 * frame + random.nextGaussian(),
                    0.5 + 0.01 * random.nextGaussian(),
                    80 + 0.2 * frame + random.nextGaussian()
                };
                motion.update(box(measured));
                reference.update(measured);
                assertSame(motion, reference, frame);
            }
        }
    }

    @Test
    void goesOnAtTheSpeedItHad() {
        BoxMotion motion = new BoxMotion(new Box(0, 0, 20, 40));
        for (int frame = 1; frame <= 30; frame++) {
            motion.predict();
            motion.update(new Box(5 * frame, 0, 5 * frame + 20, 40));
        }
        for (int unseen = 0; unseen < 10; unseen++) {
            motion.predict();
        }
        assertThat(motion.box().x1()).isCloseTo(200, within(2.0));
        assertThat(motion.box().y1()).isCloseTo(0, within(0.5));
    }

    @Test
    void aBoxWithoutAreaDoesNoHarm() {
        BoxMotion motion = new BoxMotion(new Box(3, 3, 3, 3));
        motion.predict();
        motion.update(new Box(3, 3, 300, 3));
        motion.update(new Box(3, 3, 3, 300));
        motion.predict();
        assertThat(motion.box().iou(motion.box())).isFinite();
    }

    private static void assertSame(BoxMotion motion, Kalman8 reference, int frame) {
        Box expected = box(reference.mean);
        assertThat(motion.box().x1()).as("frame %d", frame).isCloseTo(expected.x1(), within(1e-6));
        assertThat(motion.box().y1()).as("frame %d", frame).isCloseTo(expected.y1(), within(1e-6));
        assertThat(motion.box().x2()).as("frame %d", frame).isCloseTo(expected.x2(), within(1e-6));
        assertThat(motion.box().y2()).as("frame %d", frame).isCloseTo(expected.y2(), within(1e-6));
    }

    private static Box box(double[] xyah) {
        double w = xyah[2] * xyah[3];
        return new Box(xyah[0] - w / 2, xyah[1] - xyah[3] / 2, xyah[0] + w / 2, xyah[1] + xyah[3] / 2);
    }

    /** The filter of the papers' code: dense matrices, state (x, y, a, h and their velocities). */
    private static final class Kalman8 {
        private final double[] mean = new double[8];
        private double[][] covariance = new double[8][8];

        Kalman8(double[] xyah) {
            System.arraycopy(xyah, 0, mean, 0, 4);
            double h = xyah[3];
            double[] deviations = {h / 10, h / 10, 1e-2, h / 10, h / 16, h / 16, 1e-5, h / 16};
            for (int i = 0; i < 8; i++) {
                covariance[i][i] = deviations[i] * deviations[i];
            }
        }

        void predict() {
            double h = mean[3];
            double[] deviations = {h / 20, h / 20, 1e-2, h / 20, h / 160, h / 160, 1e-5, h / 160};
            double[][] motion = new double[8][8];
            for (int i = 0; i < 8; i++) {
                motion[i][i] = 1;
                motion[i][i % 4 + 4] = 1;
            }
            for (int i = 0; i < 4; i++) {
                mean[i] += mean[i + 4];
            }
            covariance = product(product(motion, covariance), transposed(motion));
            for (int i = 0; i < 8; i++) {
                covariance[i][i] += deviations[i] * deviations[i];
            }
        }

        void update(double[] xyah) {
            double h = mean[3];
            double[] deviations = {h / 20, h / 20, 1e-1, h / 20};
            double[][] innovation = new double[4][4];
            double[][] crossed = new double[8][4];
            for (int i = 0; i < 8; i++) {
                for (int j = 0; j < 4; j++) {
                    crossed[i][j] = covariance[i][j];
                    if (i < 4) {
                        innovation[i][j] = covariance[i][j] + (i == j ? deviations[i] * deviations[i] : 0);
                    }
                }
            }
            double[][] gain = product(crossed, inverse(innovation));
            double[] difference = new double[4];
            for (int j = 0; j < 4; j++) {
                difference[j] = xyah[j] - mean[j];
            }
            for (int i = 0; i < 8; i++) {
                for (int j = 0; j < 4; j++) {
                    mean[i] += gain[i][j] * difference[j];
                }
            }
            double[][] explained = product(product(gain, innovation), transposed(gain));
            for (int i = 0; i < 8; i++) {
                for (int j = 0; j < 8; j++) {
                    covariance[i][j] -= explained[i][j];
                }
            }
        }

        private static double[][] product(double[][] a, double[][] b) {
            double[][] c = new double[a.length][b[0].length];
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < b[0].length; j++) {
                    for (int k = 0; k < b.length; k++) {
                        c[i][j] += a[i][k] * b[k][j];
                    }
                }
            }
            return c;
        }

        private static double[][] transposed(double[][] a) {
            double[][] t = new double[a[0].length][a.length];
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < a[0].length; j++) {
                    t[j][i] = a[i][j];
                }
            }
            return t;
        }

        /** Gauss-Jordan; the matrix is positive definite. */
        private static double[][] inverse(double[][] matrix) {
            int n = matrix.length;
            double[][] left = new double[n][];
            double[][] right = new double[n][n];
            for (int i = 0; i < n; i++) {
                left[i] = matrix[i].clone();
                right[i][i] = 1;
            }
            for (int pivot = 0; pivot < n; pivot++) {
                double scale = left[pivot][pivot];
                for (int j = 0; j < n; j++) {
                    left[pivot][j] /= scale;
                    right[pivot][j] /= scale;
                }
                for (int i = 0; i < n; i++) {
                    double factor = left[i][pivot];
                    for (int j = 0; j < n && i != pivot; j++) {
                        left[i][j] -= factor * left[pivot][j];
                        right[i][j] -= factor * right[pivot][j];
                    }
                }
            }
            return right;
        }
    }
}
