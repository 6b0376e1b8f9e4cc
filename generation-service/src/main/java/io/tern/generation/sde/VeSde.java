package io.tern.generation.sde;

import io.tern.generation.schedule.NoiseLevel;

/** Variance-exploding: the limit of SMLD for many levels, which are geometric. Song et al. 2021, eq. 9 and 31. */
public record VeSde(double sigmaMin, double sigmaMax) implements Sde {
    public VeSde {
        if (!(0 < sigmaMin && sigmaMin < sigmaMax && sigmaMax < 1e9)) {
            throw new IllegalArgumentException(
                    "sigmaMin, sigmaMax: " + sigmaMin + ", " + sigmaMax + " (expected: 0 < sigmaMin < sigmaMax < 1e9)");
        }
    }

    @Override
    public double drift(double t) {
        return 0;
    }

    @Override
    public double diffusion(double t) {
        return sigma(t) * Math.sqrt(2 * Math.log(sigmaMax / sigmaMin));
    }

    @Override
    public NoiseLevel marginal(double t) {
        return new NoiseLevel(t, 1, sigma(t));
    }

    @Override
    public double timeOf(double sigma) {
        return Math.log(sigma / sigmaMin) / Math.log(sigmaMax / sigmaMin);
    }

    private double sigma(double t) {
        return sigmaMin * Math.pow(sigmaMax / sigmaMin, t);
    }
}
