package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * DPM-Solver++(2S) without noise, whose midpoints are levels of the grid: of two steps the first is of order 1, and the
 * second goes over both again with order 2. Lu et al. 2022b, algorithm 1; diffusers' order of steps.
 */
final class DpmppSinglestepSampler implements Sampler {
    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        FloatTensor before = walk.buffer();
        History data = new History(walk::buffer, 2);
        for (int i = 0; i < walk.steps(); i++) {
            FloatTensor now = data.next();
            walk.denoise(now, x, walk.level(i));
            if (i % 2 == 0 || i == walk.steps() - 1) {
                before.copyFrom(x);
                walk.approach(x, x, walk.sigma(i), walk.sigma(i + 1), now);
            } else {
                secondOrder(walk, i, before, data);
            }
            walk.stepDone(i, now);
        }
        return walk.end();
    }

    /** From {@code before}, one level back, to the next level. */
    private static void secondOrder(SigmaWalk walk, int i, FloatTensor before, History data) {
        double decay = walk.sigma(i + 1) / walk.sigma(i - 1);
        double ratio = walk.lambdaStep(i - 1) / (walk.lambdaStep(i - 1) + walk.lambdaStep(i));
        walk.approach(walk.x(), before, walk.sigma(i - 1), walk.sigma(i + 1), data.get(1));
        double weight = (1 - decay) / (2 * ratio);
        LinearCombination.add(walk.x(), weight, data.get(0));
        LinearCombination.add(walk.x(), -weight, data.get(1));
    }
}
