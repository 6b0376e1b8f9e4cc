package io.tern.generation.sampler;

import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/** Heun's second-order method. Karras et al. 2022, algorithm 1. Two calls of the network a step, but for the last. */
final class HeunSampler implements Sampler {
    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        HeunStep step = new HeunStep(walk);
        for (int i = 0; i < walk.steps(); i++) {
            step.take(walk.level(i), walk.level(i + 1));
            walk.stepDone(i, step.data());
        }
        return walk.end();
    }
}
