package io.tern.generation;

import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.score.Parameterization;
import io.tern.generation.score.Prediction;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;

/**
 * The score model of data that are N(mean, deviation²) in each element, in closed form. It answers in any
 * parameterization, so that a sampler must not care.
 */
public final class GaussianModel implements ScoreModel {
    private final float[] mean;
    private final double deviation;
    private final Parameterization form;
    private final Arena arena = Arena.ofAuto();

    public GaussianModel(float[] mean, double deviation, Parameterization form) {
        this.mean = mean;
        this.deviation = deviation;
        this.form = form;
    }

    @Override
    public Prediction predict(FloatTensor x, NoiseLevel level) {
        FloatTensor output = FloatTensor.allocate(arena, x.shape());
        double a = level.signal();
        double s = level.noise();
        double variance = a * a * deviation * deviation + s * s; // of x
        for (int i = 0; i < x.size(); i++) {
            double excess = x.get(i) - a * mean[i];
            double data = mean[i] + a * deviation * deviation / variance * excess;
            double noise = s / variance * excess;
            output.set(i, (float)
                    switch (form) {
                        case EPSILON -> noise;
                        case V -> a * noise - s * data;
                        case SAMPLE -> data;
                        case FLOW -> noise - data;
                        case SCORE -> -noise / s;
                    });
        }
        return new Prediction(x, output, form.split(level));
    }

    /**
     * Where the probability-flow ODE takes x from one level to another: (x − a·mean) / √(a²·deviation² + s²) stays as it
     * is. Song et al. 2021, eq. 13, solved for a Gaussian.
     */
    public double flow(int element, double x, NoiseLevel from, NoiseLevel to) {
        return to.signal() * mean[element] + spread(to) / spread(from) * (x - from.signal() * mean[element]);
    }

    private double spread(NoiseLevel level) {
        return Math.hypot(level.signal() * deviation, level.noise());
    }
}
