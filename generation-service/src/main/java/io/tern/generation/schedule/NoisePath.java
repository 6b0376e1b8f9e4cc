package io.tern.generation.schedule;

/**
 * All the levels of noise that a model knows, from almost none to almost nothing but noise. Levels outside are given the
 * timestep of the nearest end, since a network has learnt no other.
 */
public interface NoisePath {
    /** The level with this much noise per unit of signal; {@code sigma > 0}. */
    NoiseLevel atSigma(double sigma);

    /** The level of a training step; fractions are allowed. */
    NoiseLevel atTimestep(double timestep);

    /** Number of steps that the model learnt; timesteps reach from 0 to one less, or to this number. */
    int trainSteps();

    /** The level with the least noise. */
    NoiseLevel least();

    /** The level with the most. */
    NoiseLevel most();
}
