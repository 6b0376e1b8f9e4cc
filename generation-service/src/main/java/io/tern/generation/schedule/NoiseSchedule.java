package io.tern.generation.schedule;

import io.tern.base.TernException;

/** ᾱ of each training step of a discrete variance-preserving process. Ho et al. 2020, eq. 4. Immutable. */
public final class NoiseSchedule implements NoisePath {
    /** Of ᾱ, where there should be none: σ = 4096 in place of infinity, as diffusers has it. */
    private static final double LEAST_SIGNAL_POWER = 0x1p-24;

    private final double[] alphaBars;
    private final double[] sigmas;

    /**
     * @param trainSteps number of steps that the model learnt, at least 2
     * @param firstBeta variance added by the first step
     * @param lastBeta variance added by the last step
     * @throws TernException if the numbers make no process
     */
    public NoiseSchedule(BetaSchedule shape, int trainSteps, double firstBeta, double lastBeta) {
        this(alphaBars(shape, trainSteps, firstBeta, lastBeta));
    }

    private NoiseSchedule(double[] alphaBars) {
        this.alphaBars = alphaBars;
        sigmas = new double[alphaBars.length];
        for (int t = 0; t < sigmas.length; t++) {
            sigmas[t] = Math.sqrt((1 - alphaBars[t]) / alphaBars[t]);
        }
    }

    private static double[] alphaBars(BetaSchedule shape, int trainSteps, double firstBeta, double lastBeta) {
        if (!(2 <= trainSteps && trainSteps <= 1_000_000)) {
            throw TernException.invalid("num_train_timesteps", trainSteps, "2..1000000");
        }
        if (!(0 < firstBeta && firstBeta <= lastBeta && lastBeta < 1)) {
            throw TernException.invalid("beta_start, beta_end", firstBeta + ", " + lastBeta, "0 < start <= end < 1");
        }
        double[] alphaBars = shape.betas(trainSteps, firstBeta, lastBeta);
        double product = 1;
        for (int t = 0; t < trainSteps; t++) {
            product *= 1 - alphaBars[t];
            alphaBars[t] = product;
        }
        return alphaBars;
    }

    /** The same stretched so that the last step is all noise: √ᾱ moved to 0 and scaled. Lin et al. 2024, algorithm 1. */
    public NoiseSchedule withZeroTerminalSnr() {
        int last = alphaBars.length - 1;
        double first = Math.sqrt(alphaBars[0]);
        double end = Math.sqrt(alphaBars[last]);
        double[] stretched = new double[alphaBars.length];
        for (int t = 0; t <= last; t++) {
            double root = (Math.sqrt(alphaBars[t]) - end) * first / (first - end);
            stretched[t] = Math.max(LEAST_SIGNAL_POWER, root * root);
        }
        return new NoiseSchedule(stretched);
    }

    @Override
    public int trainSteps() {
        return alphaBars.length;
    }

    public double alphaBar(int timestep) {
        return alphaBars[timestep];
    }

    public NoiseLevel level(int timestep) {
        return NoiseLevel.ofAlphaBar(timestep, alphaBars[timestep]);
    }

    @Override
    public NoiseLevel least() {
        return level(0);
    }

    @Override
    public NoiseLevel most() {
        return level(alphaBars.length - 1);
    }

    /** Between two steps σ is interpolated, as every program does it. */
    @Override
    public NoiseLevel atTimestep(double timestep) {
        double inside = Math.clamp(timestep, 0, alphaBars.length - 1);
        int below = (int) inside;
        if (inside == below) {
            return level(below);
        }
        double sigma = sigmas[below] + (inside - below) * (sigmas[below + 1] - sigmas[below]);
        return ofSigma(inside, sigma);
    }

    /** Between two steps the timestep is linear in log σ, as in k-diffusion. */
    @Override
    public NoiseLevel atSigma(double sigma) {
        int below = 0;
        int above = sigmas.length - 1;
        if (sigma <= sigmas[0] || sigma >= sigmas[above]) {
            return ofSigma(sigma <= sigmas[0] ? 0 : above, sigma);
        }
        while (above - below > 1) {
            int middle = (below + above) >>> 1;
            if (sigmas[middle] <= sigma) {
                below = middle;
            } else {
                above = middle;
            }
        }
        double fraction = Math.log(sigma / sigmas[below]) / Math.log(sigmas[above] / sigmas[below]);
        return ofSigma(below + fraction, sigma);
    }

    private static NoiseLevel ofSigma(double timestep, double sigma) {
        double signal = 1 / Math.sqrt(1 + sigma * sigma);
        return new NoiseLevel(timestep, signal, sigma * signal);
    }
}
