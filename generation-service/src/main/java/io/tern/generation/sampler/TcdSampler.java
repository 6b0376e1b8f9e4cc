package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoisePath;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Prediction;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Strategic stochastic sampling of a trajectory consistency model: down the trajectory to a level below the next one, then
 * up to it with fresh noise. Zheng et al. 2024, algorithm 4; γ says how far below.
 */
final class TcdSampler implements Sampler {
    private final double gamma;

    /** @param gamma 0 adds no noise, 1 goes down to the data each time */
    TcdSampler(double gamma) {
        this.gamma = gamma;
    }

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        TimeGrid grid = run.grid();
        NoisePath path = grid.path();
        FloatTensor x = start.copy(run.arena());
        FloatTensor data = run.allocateLike(x);
        FloatTensor noise = run.allocateLike(x);
        for (int i = 0; i < grid.steps(); i++) {
            Prediction prediction = model.predict(x, grid.level(i));
            prediction.data(data);
            prediction.noise(noise);
            boolean last = i == grid.steps() - 1;
            NoiseLevel next = last ? path.least() : grid.level(i + 1);
            NoiseLevel below = last ? next : path.atTimestep(Math.floor((1 - gamma) * next.timestep()));
            LinearCombination.combine(x, below.signal(), data, below.noise(), noise);
            double kept = next.signal() / below.signal();
            double added = next.noise() * next.noise() - kept * kept * below.noise() * below.noise();
            if (added > 0) {
                run.noise().fill(i + 1, noise);
                LinearCombination.combine(x, kept, x, Math.sqrt(added), noise);
            }
            run.listener().afterStep(i + 1, data);
        }
        return x;
    }
}
