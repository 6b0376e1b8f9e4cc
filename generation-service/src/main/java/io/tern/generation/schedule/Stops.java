package io.tern.generation.schedule;

/**
 * Where a sampler stops on its way down. Programs disagree here by family, and a picture with few steps shows it; these
 * are the habits of diffusers.
 */
public enum Stops {
    /** n whole training steps, then the end that the model's own schedule has: DDPM, DDIM, PNDM. */
    TRAINING_STEPS,
    /** n points along the training steps, fractions allowed, then no noise: the samplers of Karras et al. 2022. */
    SIGMAS,
    /** The first n of n + 1 whole training steps, then no noise: exponential integrators that predict the data. */
    INTERVALS,
    /** n + 1 whole training steps: integrators that divide by the last σ, and so end at the least noise. */
    INTERVALS_TO_LEAST,
    /** n of the 50 steps that a distilled model was taught, then no noise: LCM, TCD. */
    DISTILLED;

    /** Deviation of pure noise at the level where sampling starts: σ·ε with Karras et al., elsewhere unit power. */
    public double startDeviation(NoiseLevel first) {
        return this == SIGMAS ? first.noise() : Math.hypot(first.signal(), first.noise());
    }
}
