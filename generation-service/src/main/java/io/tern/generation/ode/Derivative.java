package io.tern.generation.ode;

import io.tern.tensor.FloatTensor;

/** dx/dt. */
@FunctionalInterface
public interface Derivative {
    /** Writes the derivative at (t, x); x stays as it is. */
    void at(double t, FloatTensor x, FloatTensor derivative);
}
