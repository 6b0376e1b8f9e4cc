package io.tern.generation.corrector;

import io.tern.generation.sde.SdeWalk;

/** Moves a sample within one time. */
@FunctionalInterface
public interface Corrector {
    void correct(SdeWalk walk, double t);
}
