package io.tern.generation.schedule;

/**
 * One level of noise: a sample there is x = signal · x0 + noise · ε with ε standard normal.
 *
 * @param timestep on the scale of the training steps; fractions are allowed
 * @param signal √ᾱ for a variance-preserving process, in (0, 1]
 * @param noise standard deviation of the noise in x, √(1 − ᾱ) for a variance-preserving process
 */
public record NoiseLevel(double timestep, double signal, double noise) {
    /** Data without noise, where sampling ends. */
    public static final NoiseLevel CLEAN = new NoiseLevel(0, 1, 0);

    public NoiseLevel {
        if (!(signal > 0 && noise >= 0 && Double.isFinite(signal) && Double.isFinite(noise))) {
            throw new IllegalArgumentException(
                    "signal, noise: " + signal + ", " + noise + " (expected: signal > 0, noise >= 0)");
        }
    }

    /** Variance-preserving level of signal power ᾱ. */
    static NoiseLevel ofAlphaBar(double timestep, double alphaBar) {
        return new NoiseLevel(timestep, Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar));
    }

    /** Noise per unit of signal: the σ of Karras et al. 2022. */
    public double sigma() {
        return noise / signal;
    }
}
