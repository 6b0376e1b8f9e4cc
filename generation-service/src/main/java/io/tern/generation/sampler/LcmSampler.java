package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Multistep sampling of a latent consistency model: jump to the data, add the noise of the next level, jump again. Luo et
 * al. 2023, algorithm 3, with the skip of its eq. 8 that makes the function the identity where there is no noise.
 */
final class LcmSampler implements Sampler {
    private static final double DATA_VARIANCE = 0.5 * 0.5;
    private static final double TIMESTEP_SCALE = 10;

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        TimeGrid grid = run.grid();
        FloatTensor x = start.copy(run.arena());
        FloatTensor data = run.allocateLike(x);
        FloatTensor noise = run.allocateLike(x);
        for (int i = 0; i < grid.steps(); i++) {
            model.predict(x, grid.level(i)).data(data);
            double time = grid.level(i).timestep() * TIMESTEP_SCALE;
            double power = time * time + DATA_VARIANCE;
            LinearCombination.combine(data, time / Math.sqrt(power), data, DATA_VARIANCE / power, x);
            NoiseLevel next = grid.level(i + 1);
            if (next.noise() > 0) {
                run.noise().fill(i + 1, noise);
            }
            LinearCombination.combine(x, next.signal(), data, next.noise(), noise);
            run.listener().afterStep(i + 1, data);
        }
        return x;
    }
}
