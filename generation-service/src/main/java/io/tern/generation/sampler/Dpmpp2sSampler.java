package io.tern.generation.sampler;

import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * DPM-Solver++(2S): an exponential midpoint step of the data prediction. Lu et al. 2022b, algorithm 1, with ancestral noise
 * of weight η as k-diffusion adds it.
 */
final class Dpmpp2sSampler implements Sampler {
    private final double eta;

    Dpmpp2sSampler(double eta) {
        this.eta = eta;
    }

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        FloatTensor middle = walk.buffer();
        FloatTensor data = walk.buffer();
        for (int i = 0; i < walk.steps(); i++) {
            double sigma = walk.sigma(i);
            AncestralStep step = AncestralStep.between(sigma, walk.sigma(i + 1), eta);
            walk.denoise(data, x, walk.level(i));
            if (step.down() > 0) {
                double half = Math.sqrt(sigma * step.down()); // the middle in λ = −log σ
                walk.approach(middle, x, sigma, half, data);
                walk.denoise(data, middle, walk.levelOf(half));
            }
            // σ'/σ · x − (e^(−h) − 1) · D, where e^(−h) = σ'/σ
            walk.approach(x, x, sigma, step.down(), data);
            walk.addNoise(x, step.up());
            walk.stepDone(i, data);
        }
        return walk.end();
    }
}
