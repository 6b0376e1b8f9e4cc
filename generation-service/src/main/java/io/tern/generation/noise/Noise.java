package io.tern.generation.noise;

import io.tern.tensor.FloatTensor;

/** Independent standard-normal values for each step of one picture; asked twice, it gives the same. */
@FunctionalInterface
public interface Noise {
    /** The step of the noise that sampling starts from; noise added by the n-th step is that of step n. */
    int START = 0;

    /** The step of the noise by which a picture's encoding is drawn, where the encoder gives a distribution. */
    int POSTERIOR = -1;

    void fill(int step, FloatTensor into);
}
