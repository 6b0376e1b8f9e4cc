package io.tern.generation.sampler;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/**
 * DPM-Solver++ over several steps: 2M, 3M and, with noise, their SDE forms. Lu et al. 2022b, algorithm 2 and appendix A;
 * the noisy forms as k-diffusion has them. The data prediction is a polynomial in λ = −log σ through the last steps, and
 * the linear part of the equation is solved exactly.
 */
final class DpmppMultistepSampler implements Sampler {
    private final int order;
    private final double eta;

    /**
     * @param order 1..3
     * @param eta 0 for the ODE, 1 for the SDE
     */
    DpmppMultistepSampler(int order, double eta) {
        this.order = order;
        this.eta = eta;
    }

    @Override
    public FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run) {
        SigmaWalk walk = new SigmaWalk(model, start, run);
        FloatTensor x = walk.x();
        History data = new History(walk::buffer, order);
        for (int i = 0; i < walk.steps(); i++) {
            FloatTensor now = data.next();
            walk.denoise(now, x, walk.level(i));
            double next = walk.sigma(i + 1);
            if (next == 0) {
                x.copyFrom(now);
            } else {
                double h = walk.lambdaStep(i);
                double decay = h * (1 + eta);
                double phi1 = -Math.expm1(-decay);
                double phi2 = 1 - phi1 / decay;
                LinearCombination.combine(x, Math.exp(-decay), x, phi1, now);
                new Extrapolation(phi1 / 2, phi2, phi2 / decay - 0.5)
                        .addTo(
                                x,
                                data,
                                MultistepOrder.at(i, walk.steps(), order, data.size()),
                                walk.lambdaStep(i - 1) / h,
                                walk.lambdaStep(i - 2) / h);
                walk.addNoise(x, next * Math.sqrt(-Math.expm1(-2 * eta * h)));
            }
            walk.stepDone(i, now);
        }
        return walk.end();
    }
}
