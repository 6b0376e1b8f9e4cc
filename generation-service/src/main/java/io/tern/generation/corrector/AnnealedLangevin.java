package io.tern.generation.corrector;

import io.tern.generation.sde.SdeWalk;

/**
 * Langevin steps x + ε·score + √(2ε)·z with ε = 2·(snr·noise)², in proportion to the variance of the noise. Song and Ermon
 * 2019, algorithm 1, where α = ε·σ²/σ_L² is this with snr = √(ε / 2) / σ_L.
 *
 * @param snr length of a step, in deviations of the noise
 * @param steps in each time
 */
public record AnnealedLangevin(double snr, int steps) implements Corrector {
    @Override
    public void correct(SdeWalk walk, double t) {
        double stride = snr * walk.sde().marginal(t).noise();
        double epsilon = 2 * stride * stride;
        for (int i = 0; i < steps; i++) {
            walk.move(1, epsilon, walk.score(t), Math.sqrt(2 * epsilon));
        }
    }
}
