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
 * @param headSize even, as its elements are turned in pairs
 * @param vocabulary number of tokens
 * @param context most positions; what a checkpoint promises beyond 262,144 is not served
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
        double rmsEpsilon) {
    private static final int MAX_LAYERS = 1024;
    private static final int MAX_WIDTH = 1 << 20;
    private static final int MAX_CONTEXT = 1 << 18;
    private static final int MAX_HEAD_SIZE = 512;
    /** The attention's kernel wants the head's size to be a multiple of this. */
    private static final int KERNEL_UNIT = 16;

    DecoderShape {
        require(heads % keyValueHeads == 0, "heads / keyValueHeads", heads + " / " + keyValueHeads, "a whole number");
        require(headSize % 2 == 0, "headSize", headSize, "an even number");
        require(rmsEpsilon >= 0 && rmsEpsilon < 1, "rmsEpsilon", rmsEpsilon, "0..1");
    }

    /** @param headSize where the checkpoint is silent; 0: the width, shared by the heads */
    static DecoderShape of(DecoderSettings settings, int headSize) {
        int width = settings.whole(Setting.WIDTH, 1, MAX_WIDTH);
        int heads = settings.whole(Setting.HEADS, 1, MAX_WIDTH);
        if (headSize == 0 && !settings.has(Setting.HEAD_SIZE)) {
            require(width % heads == 0, "width / heads", width + " / " + heads, "a whole number");
            headSize = width / heads;
        }
        int size = settings.whole(Setting.HEAD_SIZE, 2, MAX_HEAD_SIZE, headSize);
        int valueSize = settings.whole(Setting.VALUE_SIZE, 2, MAX_HEAD_SIZE, size);
        require(valueSize == size, "size of values", valueSize, size + ", as that of keys");
        return new DecoderShape(
                settings.whole(Setting.LAYERS, 1, MAX_LAYERS),
                width,
                settings.whole(Setting.FEED_FORWARD, 1, MAX_WIDTH),
                heads,
                settings.whole(Setting.KEY_VALUE_HEADS, 1, heads, heads),
                size,
                settings.vocabulary(),
                Math.min(settings.whole(Setting.CONTEXT, 1, Integer.MAX_VALUE), MAX_CONTEXT),
                settings.real(Setting.RMS_EPSILON));
    }

    DecoderShape withLayers(int fewer) {
        return new DecoderShape(
                fewer, width, feedForward, heads, keyValueHeads, headSize, vocabulary, context, rmsEpsilon);
    }

    DecoderShape withContext(int shorter) {
        return new DecoderShape(
                layers, width, feedForward, heads, keyValueHeads, headSize, vocabulary, shorter, rmsEpsilon);
    }

    int queryWidth() {
        return heads * headSize;
    }

    int keyValueWidth() {
        return keyValueHeads * headSize;
    }

    /** The head's size in the attention's kernel: filled up with zeros. */
    int kernelHeadSize() {
        return (headSize + KERNEL_UNIT - 1) / KERNEL_UNIT * KERNEL_UNIT;
    }
}
