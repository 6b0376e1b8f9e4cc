package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * The midpoint method with the middle in log σ: DPM-Solver-2 of Lu et al. 2022a, algorithm 1, in the coordinates of Karras
 * et al. 2022, as k-diffusion has it. With η > 0 ancestral.
 */
final class Dpm2Sampler implements Sampler {
    private final double eta;

    Dpm2Sampler(double eta) {
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
            if (step.down() == 0) {
                x.copyFrom(data);
            } else {
                double half = Math.sqrt(sigma * step.down());
                walk.approach(middle, x, sigma, half, data);
                walk.denoise(data, middle, walk.levelOf(half));
                // x + (x½ − D½) / σ½ · (σ' − σ)
                double stride = (step.down() - sigma) / half;
                LinearCombination.add(x, stride, middle);
                LinearCombination.add(x, -stride, data);
            }
            walk.addNoise(x, step.up());
            walk.stepDone(i, data);
        }
        return walk.end();
    }
}
