package io.tern.generation.sde;

import io.tern.generation.schedule.NoiseLevel;

/** Sub-VP: the signal of the variance-preserving SDE with less noise at every time. Song et al. 2021, eq. 28. */
public record SubVpSde(LinearBeta beta) implements Sde {
    @Override
    public double drift(double t) {
        return -beta.at(t) / 2;
    }

    @Override
    public double diffusion(double t) {
        return Math.sqrt(beta.at(t) * -Math.expm1(-2 * beta.integral(t)));
    }

    @Override
    public NoiseLevel marginal(double t) {
        double integral = beta.integral(t);
        // A standard deviation, not a missing root: the variance is a square already.
        return new NoiseLevel(t, Math.exp(-integral / 2), -Math.expm1(-integral));
    }

    @Override
    public double timeOf(double sigma) {
        // σ = (1 − e^(−B)) / e^(−B/2) = 2 sinh(B/2), solved for B
        double half = sigma / 2;
        return beta.timeOf(2 * Math.log(half + Math.sqrt(half * half + 1)));
    }
}
