package io.tern.generation.sde;

import io.tern.generation.schedule.NoiseLevel;

/** dx = f(t)·x dt + g(t) dw, from data at t = 0 to noise at t = 1. Song et al. 2021, section 3.1. */
public interface Sde {
    /** f(t): the drift is f(t)·x. */
    double drift(double t);

    /** g(t). */
    double diffusion(double t);

    /** What it has made of the data by t: x = signal·data + noise·ε. Song et al. 2021, eq. 29. Its timestep is t. */
    NoiseLevel marginal(double t);

    /** When there is so much noise per unit of signal: the inverse of {@code marginal(t).sigma()}. */
    double timeOf(double sigma);
}
