package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Parameterization;
import io.tern.generation.score.Prediction;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Pseudo linear multistep: the transfer of DDIM with what the network said averaged over up to four steps, by the weights
 * of Adams and Bashforth. Liu et al. 2022, eq. 11 and 12; the first step is of order 2 and calls the network twice. As in
 * diffusers the network's own output is averaged, be it ε or v.
 */
final class PndmSampler implements Sampler {
    private static final double[][] WEIGHTS = {
        {1}, {3 / 2., -1 / 2.}, {23 / 12., -16 / 12., 5 / 12.}, {55 / 24., -59 / 24., 37 / 24., -9 / 24.}
    };

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        TimeGrid grid = run.grid();
        FloatTensor x = start.copy(run.arena());
        FloatTensor data = run.allocateLike(x);
        FloatTensor noise = run.allocateLike(x);
        FloatTensor average = run.allocateLike(x);
        History said = new History(() -> run.allocateLike(x), WEIGHTS.length);
        for (int i = 0; i < grid.steps(); i++) {
            NoiseLevel level = grid.level(i);
            Prediction prediction = model.predict(x, level);
            said.next().copyFrom(prediction.output());
            average(average, said);
            Transfer transfer = new Transfer(x, average, prediction.split(), data, noise);
            if (i == 0 && grid.steps() > 1) {
                FloatTensor first = x.copy(run.arena());
                transfer.to(grid.level(1));
                // the mean of both ends, from the beginning again
                FloatTensor second = model.predict(x, grid.level(1)).output();
                LinearCombination.combine(average, 0.5, said.get(0), 0.5, second);
                x.copyFrom(first);
            }
            transfer.to(grid.level(i + 1));
            run.listener().afterStep(i + 1, data);
        }
        return x;
    }

    private static void average(FloatTensor into, History said) {
        double[] weights = WEIGHTS[said.size() - 1];
        LinearCombination.scale(into, weights[0], said.get(0));
        for (int back = 1; back < weights.length; back++) {
            LinearCombination.add(into, weights[back], said.get(back));
        }
    }

    /** Liu et al. 2022, eq. 11: data and noise as they seem, mixed anew. */
    private record Transfer(
            FloatTensor x, FloatTensor output, Parameterization.Split split, FloatTensor data, FloatTensor noise) {
        void to(NoiseLevel next) {
            Prediction averaged = new Prediction(x, output, split);
            averaged.data(data);
            averaged.noise(noise);
            LinearCombination.combine(x, next.signal(), data, next.noise(), noise);
        }
    }
}
