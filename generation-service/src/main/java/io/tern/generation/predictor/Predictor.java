package io.tern.generation.predictor;

import io.tern.generation.sde.SdeWalk;

/** Moves a sample from one time to an earlier one. */
@FunctionalInterface
public interface Predictor {
    void step(SdeWalk walk, double from, double to);
}
