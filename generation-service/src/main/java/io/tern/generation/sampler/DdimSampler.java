package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.Posterior;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Prediction;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Denoising diffusion implicit models. Song, Meng and Ermon 2021, eq. 12 and 16: the data and the noise that x seems to
 * hold are mixed again at the next level, and η of the noise is drawn anew; η = 1 is DDPM. x0 is not clipped. On straight
 * paths with η = 0 it is the Euler step of flow matching.
 */
final class DdimSampler implements Sampler {
    private final double eta;

    DdimSampler(double eta) {
        this.eta = eta;
    }

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        TimeGrid grid = run.grid();
        FloatTensor x = start.copy(run.arena());
        FloatTensor data = run.allocateLike(x);
        FloatTensor noise = run.allocateLike(x);
        for (int i = 0; i < grid.steps(); i++) {
            Prediction prediction = model.predict(x, grid.level(i));
            prediction.data(data);
            prediction.noise(noise);
            NoiseLevel next = grid.level(i + 1);
            double fresh = eta * eta * Posterior.between(grid.level(i), next).variance();
            double kept = Math.sqrt(Math.max(0, next.noise() * next.noise() - fresh));
            LinearCombination.combine(x, next.signal(), data, kept, noise);
            if (fresh > 0) {
                run.noise().fill(i + 1, noise);
                LinearCombination.add(x, Math.sqrt(fresh), noise);
            }
            run.listener().afterStep(i + 1, data);
        }
        return x;
    }
}
