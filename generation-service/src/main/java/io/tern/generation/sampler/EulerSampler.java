package io.tern.generation.sampler;

import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Euler steps along dx/dσ = (x − D(x; σ)) / σ: Karras et al. 2022, algorithm 1 without its second-order correction. With
 * η > 0 each step goes further down and adds noise: ancestral sampling.
 */
final class EulerSampler implements Sampler {
    private final double eta;

    EulerSampler(double eta) {
        this.eta = eta;
    }

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        FloatTensor data = walk.buffer();
        for (int i = 0; i < walk.steps(); i++) {
            double sigma = walk.sigma(i);
            AncestralStep step = AncestralStep.between(sigma, walk.sigma(i + 1), eta);
            walk.denoise(data, x, walk.level(i));
            // x + (x − D) / σ · (σ' − σ)
            walk.approach(x, x, sigma, step.down(), data);
            walk.addNoise(x, step.up());
            walk.stepDone(i, data);
        }
        return walk.end();
    }
}
