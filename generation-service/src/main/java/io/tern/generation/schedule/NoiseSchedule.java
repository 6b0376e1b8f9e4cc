package io.tern.generation.schedule;

import io.tern.base.TernException;

/** ᾱ of each training step of a discrete variance-preserving process. Ho et al. 2020, eq. 4. Immutable. */
public final class NoiseSchedule {
    private final double[] alphaBars;

    /**
     * @param trainSteps number of steps that the model learnt, at least 2
     * @param firstBeta variance added by the first step
     * @param lastBeta variance added by the last step
     * @throws TernException if the numbers make no process
     */
    public NoiseSchedule(BetaSchedule shape, int trainSteps, double firstBeta, double lastBeta) {
        if (!(2 <= trainSteps && trainSteps <= 1_000_000)) {
            throw TernException.invalid("num_train_timesteps", trainSteps, "2..1000000");
        }
        if (!(0 < firstBeta && firstBeta <= lastBeta && lastBeta < 1)) {
            throw TernException.invalid("beta_start, beta_end", firstBeta + ", " + lastBeta, "0 < start <= end < 1");
        }
        alphaBars = shape.betas(trainSteps, firstBeta, lastBeta);
        double product = 1;
        for (int t = 0; t < trainSteps; t++) {
            product *= 1 - alphaBars[t];
            alphaBars[t] = product;
        }
    }

    public int trainSteps() {
        return alphaBars.length;
    }

    public double alphaBar(int timestep) {
        return alphaBars[timestep];
    }

    public NoiseLevel level(int timestep) {
        return NoiseLevel.ofAlphaBar(timestep, alphaBars[timestep]);
    }
}
