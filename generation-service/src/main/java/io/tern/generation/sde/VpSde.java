package io.tern.generation.sde;

import io.tern.generation.schedule.NoiseLevel;

/** Variance-preserving: the limit of DDPM for many steps. Song et al. 2021, eq. 11. */
public record VpSde(LinearBeta beta) implements Sde {
    @Override
    public double drift(double t) {
        return -beta.at(t) / 2;
    }

    @Override
    public double diffusion(double t) {
        return Math.sqrt(beta.at(t));
    }

    @Override
    public NoiseLevel marginal(double t) {
        double integral = beta.integral(t);
        return new NoiseLevel(t, Math.exp(-integral / 2), Math.sqrt(-Math.expm1(-integral)));
    }

    @Override
    public double timeOf(double sigma) {
        return beta.timeOf(Math.log1p(sigma * sigma));
    }
}
