package io.tern.generation.schedule;

import io.tern.base.TernException;

/**
 * The levels of score matching with Langevin dynamics: σ falls by one ratio from level to level, and nothing is taken from
 * the signal. Song and Ermon 2019, section 4.1; Song and Ermon 2020, techniques 1 and 2.
 *
 * @param leastSigma of level 0
 * @param mostSigma of the last level
 * @param trainSteps number of levels
 */
public record GeometricSigmas(double leastSigma, double mostSigma, int trainSteps) implements NoisePath {
    public GeometricSigmas {
        TernException.require(
                0 < leastSigma && leastSigma < mostSigma && mostSigma < 1e9,
                "sigma_min, sigma_max",
                leastSigma + ", " + mostSigma,
                "0 < sigma_min < sigma_max < 1e9");
        TernException.require(
                2 <= trainSteps && trainSteps <= 1_000_000, "num_train_timesteps", trainSteps, "2..1000000");
    }

    @Override
    public NoiseLevel atSigma(double sigma) {
        double fraction = Math.log(sigma / leastSigma) / Math.log(mostSigma / leastSigma);
        return new NoiseLevel(Math.clamp(fraction, 0, 1) * (trainSteps - 1), 1, sigma);
    }

    @Override
    public NoiseLevel atTimestep(double timestep) {
        double inside = Math.clamp(timestep, 0, trainSteps - 1);
        double sigma = leastSigma * Math.pow(mostSigma / leastSigma, inside / (trainSteps - 1));
        return new NoiseLevel(inside, 1, sigma);
    }

    @Override
    public NoiseLevel least() {
        return atTimestep(0);
    }

    @Override
    public NoiseLevel most() {
        return atTimestep(trainSteps - 1);
    }
}
