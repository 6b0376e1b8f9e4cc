package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * DPM-Solver over several steps, on the noise prediction. Lu et al. 2022a, section 3, in the multistep form of Lu et al.
 * 2022b, appendix A. It divides by σ', so it ends at the least noise of the model.
 */
final class DpmSolverSampler implements Sampler {
    private final int order;

    /** @param order 1..3 */
    DpmSolverSampler(int order) {
        this.order = order;
    }

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        FloatTensor data = walk.buffer();
        History noise = new History(walk::buffer, order);
        for (int i = 0; i < walk.steps(); i++) {
            walk.denoise(data, x, walk.level(i));
            double sigma = walk.sigma(i);
            FloatTensor now = noise.next();
            LinearCombination.combine(now, 1 / sigma, x, -1 / sigma, data);
            double next = walk.sigma(i + 1);
            double h = walk.lambdaStep(i);
            double growth = Math.expm1(h);
            LinearCombination.add(x, -next * growth, now);
            new Extrapolation(-next * growth / 2, -next * (growth / h - 1), next * ((growth - h) / (h * h) - 0.5))
                    .addTo(
                            x,
                            noise,
                            MultistepOrder.at(i, walk.steps(), order, noise.size()),
                            walk.lambdaStep(i - 1) / h,
                            walk.lambdaStep(i - 2) / h);
            walk.stepDone(i, data);
        }
        return walk.end();
    }
}
