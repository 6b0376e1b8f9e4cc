package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Prediction;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Denoising diffusion implicit models without noise on the way (η = 0). Song, Meng and Ermon 2021, eq. 12: the data and
 * the noise that x seems to hold are mixed again at the next level. x0 is not clipped.
 */
public final class DdimSampler implements Sampler {
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
            LinearCombination.combine(x, next.signal(), data, next.noise(), noise);
            run.listener().afterStep(i + 1, data);
        }
        return x;
    }
}
