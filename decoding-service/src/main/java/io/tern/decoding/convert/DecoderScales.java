package io.tern.decoding.convert;

import static io.tern.base.TernException.require;

/**
 * Numbers that a decoder multiplies with, and bounds that it bends scores and logits to.
 *
 * @param attention of queries times keys
 * @param scoreCap scores of the attention become cap · tanh(score / cap); 0: they stay
 * @param embedding of what goes into the first layer
 * @param residual of what each half of a layer adds
 * @param logitDivisor of what the head gives
 * @param logitCap logits become cap · tanh(logit / cap); 0: they stay
 */
record DecoderScales(
        double attention, double scoreCap, double embedding, double residual, double logitDivisor, double logitCap) {
    private static final double MAX = 1e6;

    DecoderScales {
        requireScale("attention scale", attention);
        requireScale("embedding scale", embedding);
        requireScale("residual scale", residual);
        requireScale("logit scale", logitDivisor);
        requireCap("attention score cap", scoreCap);
        requireCap("logit cap", logitCap);
    }

    private static void requireScale(String field, double scale) {
        require(scale > 0 && scale <= MAX, field, scale, "above 0, at most " + MAX);
    }

    private static void requireCap(String field, double cap) {
        require(cap >= 0 && cap <= MAX, field, cap, "0.." + MAX);
    }

    /** What nearly all decoders have. */
    static DecoderScales plain(int headSize) {
        return new DecoderScales(1 / Math.sqrt(headSize), 0, 1, 1, 1, 0);
    }
}
