package io.tern.generation.sampler;

import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Multistep sampling of a consistency model, whose data prediction is the end of the trajectory: jump there, add the noise
 * of the next level, jump again. Song et al. 2023, algorithm 1.
 */
final class ConsistencySampler implements Sampler {
    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        FloatTensor data = walk.buffer();
        double least = run.grid().path().least().sigma(); // what is left of the noise in a jump's end
        for (int i = 0; i < walk.steps(); i++) {
            walk.denoise(data, x, walk.level(i));
            x.copyFrom(data);
            double next = walk.sigma(i + 1);
            walk.addNoise(x, Math.sqrt(Math.max(0, next * next - least * least)));
            walk.stepDone(i, data);
        }
        return walk.end();
    }
}
