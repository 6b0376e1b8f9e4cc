package io.tern.generation.likelihood;

/**
 * log p of one sample.
 *
 * @param nats natural logarithm of the density
 * @param dimensions of the sample
 * @param evaluations calls of the network
 */
public record LogDensity(double nats, long dimensions, int evaluations) {
    /** Negative, per dimension, in bits: what a code for the values would need, up to their resolution. */
    public double bitsPerDimension() {
        return -nats / dimensions / Math.log(2);
    }
}
