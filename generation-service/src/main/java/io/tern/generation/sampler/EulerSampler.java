package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Euler steps along dx/dσ = (x − D(x; σ)) / σ. Karras et al. 2022, algorithm 1 without its second-order correction. Here
 * x = x0 + σ·ε grows with the noise, and the model sees signal · x.
 */
public final class EulerSampler implements Sampler {
    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        TimeGrid grid = run.grid();
        FloatTensor x = run.allocateLike(start);
        FloatTensor scaled = run.allocateLike(start);
        FloatTensor data = run.allocateLike(start);
        LinearCombination.scale(x, 1 / grid.level(0).signal(), start);
        for (int i = 0; i < grid.steps(); i++) {
            NoiseLevel level = grid.level(i);
            double sigma = level.sigma();
            // Always down to 0, whatever level the schedule ends at, as in k-diffusion.
            double next = i + 1 < grid.steps() ? grid.level(i + 1).sigma() : 0;
            LinearCombination.scale(scaled, level.signal(), x);
            model.predict(scaled, level).data(data);
            // x + (x − D) / σ · (σ' − σ)
            LinearCombination.towards(x, x, (sigma - next) / sigma, data);
            run.listener().afterStep(i + 1, data);
        }
        return x;
    }
}
