package io.tern.decoding.convert;

import static io.tern.base.TernException.require;

/**
 * Numbers that a decoder multiplies with, and a bound that it bends logits to.
 *
 * @param attention of queries times keys
 * @param embedding of what goes into the first layer
 * @param logitCap logits become cap · tanh(logit / cap); 0: they stay
 */
record DecoderScales(double attention, double embedding, double logitCap) {
    private static final double MAX_CAP = 1e6;

    DecoderScales {
        require(attention > 0 && attention <= 1, "attention scale", attention, "0..1");
        require(logitCap >= 0 && logitCap <= MAX_CAP, "logit cap", logitCap, "0.." + MAX_CAP);
    }

    /** What nearly all decoders have. */
    static DecoderScales plain(int headSize) {
        return new DecoderScales(1 / Math.sqrt(headSize), 1, 0);
    }
}
