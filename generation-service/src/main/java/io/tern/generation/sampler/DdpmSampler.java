package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.Posterior;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Ancestral sampling of denoising diffusion: each step draws from the posterior given the data as they seem. Ho et al.
 * 2020, algorithm 2 with the smaller of its two variances (eq. 7).
 */
final class DdpmSampler implements Sampler {
    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        TimeGrid grid = run.grid();
        FloatTensor x = start.copy(run.arena());
        FloatTensor data = run.allocateLike(x);
        FloatTensor noise = run.allocateLike(x);
        for (int i = 0; i < grid.steps(); i++) {
            model.predict(x, grid.level(i)).data(data);
            Posterior posterior = Posterior.between(grid.level(i), grid.level(i + 1));
            LinearCombination.combine(x, posterior.ofX(), x, posterior.ofData(), data);
            if (posterior.variance() > 0) {
                run.noise().fill(i + 1, noise);
                LinearCombination.add(x, Math.sqrt(posterior.variance()), noise);
            }
            run.listener().afterStep(i + 1, data);
        }
        return x;
    }
}
