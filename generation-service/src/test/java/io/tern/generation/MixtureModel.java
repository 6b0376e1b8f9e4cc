package io.tern.generation;

import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.score.Parameterization;
import io.tern.generation.score.Prediction;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * The score model, in closed form, of points in the plane that come from two round Gaussians: elements 2k and 2k + 1 of a
 * tensor are one point. Mean, covariance and density are known.
 */
public final class MixtureModel implements ScoreModel {
    private static final double[] WEIGHTS = {0.35, 0.65};
    private static final double[][] CENTRES = {{-1.2, -0.8}, {0.9, 0.7}};
    private static final double DEVIATION = 0.35;

    private final Arena arena = Arena.ofAuto();
    private @Nullable FloatTensor output;

    @Override
    public Prediction predict(FloatTensor x, NoiseLevel level) {
        if (output == null) {
            output = FloatTensor.allocate(arena, x.shape());
        }
        double a = level.signal();
        double variance = a * a * DEVIATION * DEVIATION + level.noise() * level.noise(); // of x in each component
        double shrink = a * DEVIATION * DEVIATION / variance;
        for (int i = 0; i < x.size(); i += 2) {
            double[] point = {x.get(i), x.get(i + 1)};
            double[] share = shares(point, a, variance);
            for (int d = 0; d < 2; d++) {
                double data = 0;
                for (int k = 0; k < 2; k++) {
                    data += share[k] * (CENTRES[k][d] + shrink * (point[d] - a * CENTRES[k][d]));
                }
                output.set(i + d, (float) data);
            }
        }
        return new Prediction(x, output, Parameterization.SAMPLE.split(level));
    }

    /** Probability of each component, given the point. */
    private static double[] shares(double[] point, double a, double variance) {
        double[] logs = new double[2];
        for (int k = 0; k < 2; k++) {
            double d0 = point[0] - a * CENTRES[k][0];
            double d1 = point[1] - a * CENTRES[k][1];
            logs[k] = Math.log(WEIGHTS[k]) - (d0 * d0 + d1 * d1) / (2 * variance);
        }
        double first = 1 / (1 + Math.exp(logs[1] - logs[0]));
        return new double[] {first, 1 - first};
    }

    /** log p of a point of the data. */
    public static double logDensity(double x, double y) {
        double density = 0;
        for (int k = 0; k < 2; k++) {
            double d0 = x - CENTRES[k][0];
            double d1 = y - CENTRES[k][1];
            density += WEIGHTS[k]
                    * Math.exp(-(d0 * d0 + d1 * d1) / (2 * DEVIATION * DEVIATION))
                    / (2 * Math.PI * DEVIATION * DEVIATION);
        }
        return Math.log(density);
    }

    public static double mean(int d) {
        return WEIGHTS[0] * CENTRES[0][d] + WEIGHTS[1] * CENTRES[1][d];
    }

    public static double covariance(int d, int e) {
        double between = WEIGHTS[0] * WEIGHTS[1] * (CENTRES[0][d] - CENTRES[1][d]) * (CENTRES[0][e] - CENTRES[1][e]);
        return between + (d == e ? DEVIATION * DEVIATION : 0);
    }
}
