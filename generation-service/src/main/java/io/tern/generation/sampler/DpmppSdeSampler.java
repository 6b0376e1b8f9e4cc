package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * DPM-Solver++ (stochastic), as k-diffusion wrote it: a midpoint step with noise in both halves. Both noises are parts of
 * one Brownian path in σ, so the noise of the whole step holds that of its first half.
 */
final class DpmppSdeSampler implements Sampler {
    private final double eta;

    DpmppSdeSampler(double eta) {
        this.eta = eta;
    }

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        FloatTensor middle = walk.buffer();
        FloatTensor data = walk.buffer();
        FloatTensor path = walk.buffer();
        for (int i = 0; i < walk.steps(); i++) {
            double sigma = walk.sigma(i);
            double next = walk.sigma(i + 1);
            walk.denoise(data, x, walk.level(i));
            if (next == 0) {
                x.copyFrom(data);
            } else {
                double half = Math.sqrt(sigma * next);
                AncestralStep toHalf = AncestralStep.between(sigma, half, eta);
                walk.approach(middle, x, sigma, toHalf.down(), data);
                path.copyFrom(walk.draw());
                LinearCombination.add(middle, toHalf.up(), path);
                walk.denoise(data, middle, walk.levelOf(half));
                AncestralStep whole = AncestralStep.between(sigma, next, eta);
                walk.approach(x, x, sigma, whole.down(), data);
                // (W(σ) − W(σ')) / √(σ − σ') from its two parts
                double first = Math.sqrt((sigma - half) / (sigma - next));
                LinearCombination.combine(path, first, path, Math.sqrt(1 - first * first), walk.draw());
                LinearCombination.add(x, whole.up(), path);
            }
            walk.stepDone(i, data);
        }
        return walk.end();
    }
}
