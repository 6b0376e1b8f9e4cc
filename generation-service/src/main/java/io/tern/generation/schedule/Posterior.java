package io.tern.generation.schedule;

/**
 * q(x' | x, data): where a sample was at a level of less noise, when the data are known. Gaussian, with mean
 * ofX·x + ofData·data. Ho et al. 2020, eq. 7, for any signal and noise: Kingma et al. 2021, eq. 26 ff.
 */
public record Posterior(double ofX, double ofData, double variance) {
    public static Posterior between(NoiseLevel level, NoiseLevel next) {
        double noise = level.noise() * level.noise();
        double nextNoise = next.noise() * next.noise();
        double kept = level.signal() / next.signal();
        double added = Math.max(0, noise - kept * kept * nextNoise); // by the step from x' to x
        return new Posterior(kept * nextNoise / noise, next.signal() * added / noise, added * nextNoise / noise);
    }
}
