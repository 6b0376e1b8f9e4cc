package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * Diffusion exponential integrator of order 2 with a polynomial in log ρ, ρ = σ: ρAB-DEIS in its log form. Zhang and Chen
 * 2023, section 4 and appendix B; diffusers' {@code logrho}. It ends at the least noise of the model.
 */
final class DeisSampler implements Sampler {
    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        FloatTensor data = walk.buffer();
        History noise = new History(walk::buffer, 2);
        for (int i = 0; i < walk.steps(); i++) {
            walk.denoise(data, x, walk.level(i));
            double sigma = walk.sigma(i);
            LinearCombination.combine(noise.next(), 1 / sigma, x, -1 / sigma, data);
            double next = walk.sigma(i + 1);
            if (MultistepOrder.at(i, walk.steps(), 2, noise.size()) == 1) {
                LinearCombination.add(x, next - sigma, noise.get(0));
            } else {
                double before = walk.sigma(i - 1);
                LinearCombination.add(x, weight(sigma, next, sigma, before), noise.get(0));
                LinearCombination.add(x, weight(sigma, next, before, sigma), noise.get(1));
            }
            walk.stepDone(i, data);
        }
        return walk.end();
    }

    /** The integral from {@code from} to {@code to} of the line in log ρ that is 1 at {@code one} and 0 at {@code zero}. */
    private static double weight(double from, double to, double one, double zero) {
        return antiderivative(to, one, zero) - antiderivative(from, one, zero);
    }

    private static double antiderivative(double rho, double one, double zero) {
        return rho * (Math.log(rho / zero) - 1) / Math.log(one / zero);
    }
}
