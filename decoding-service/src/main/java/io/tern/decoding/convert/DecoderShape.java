package io.tern.decoding.convert;

import static io.tern.base.TernException.require;

/**
 * Sizes of a decoder.
 *
 * @param layers transformer blocks
 * @param width of the residual stream
 * @param feedForward width inside the gated feed-forward network
 * @param heads query heads
 * @param keyValueHeads a divisor of {@code heads}; each serves a group of them
 * @param headSize a multiple of 16, as the attention kernel wants it
 * @param vocabulary number of tokens
 * @param context most positions
 * @param ropeBase wavelengths of the rotary embedding run from 2π to 2π·ropeBase
 * @param rmsEpsilon added to the mean square before its root
 */
record DecoderShape(
        int layers,
        int width,
        int feedForward,
        int heads,
        int keyValueHeads,
        int headSize,
        int vocabulary,
        int context,
        double ropeBase,
        double rmsEpsilon) {
    private static final int MAX_HEAD_SIZE = 512;

    DecoderShape {
        require(heads % keyValueHeads == 0, "heads / keyValueHeads", heads + " / " + keyValueHeads, "a whole number");
        require(
                headSize % 16 == 0 && headSize <= MAX_HEAD_SIZE,
                "headSize",
                headSize,
                "a multiple of 16 up to " + MAX_HEAD_SIZE);
        require(width % Int8Blocks.BLOCK == 0, "width", width, "a multiple of " + Int8Blocks.BLOCK);
        require(feedForward % Int8Blocks.BLOCK == 0, "feedForward", feedForward, "a multiple of " + Int8Blocks.BLOCK);
        require(ropeBase > 1 && ropeBase < 1e12, "ropeBase", ropeBase, "above 1");
        require(rmsEpsilon >= 0 && rmsEpsilon < 1, "rmsEpsilon", rmsEpsilon, "0..1");
    }

    int queryWidth() {
        return heads * headSize;
    }

    int keyValueWidth() {
        return keyValueHeads * headSize;
    }
}
