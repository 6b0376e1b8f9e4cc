package io.tern.generation.score;

import io.tern.tensor.FloatTensor;

/** A denoising network with its condition, for one request: not safe for use by several threads. */
@FunctionalInterface
public interface Network {
    /**
     * @param x samples at one level of noise: [rows, channels, height, width]
     * @param told the level, as this network is told it
     * @return the prediction, in x's shape; valid until the next call
     */
    FloatTensor predict(FloatTensor x, double told);
}
