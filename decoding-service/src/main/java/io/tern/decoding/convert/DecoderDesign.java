package io.tern.decoding.convert;

import io.tern.base.TernException;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * All that decides a decoder's network but its weights. What is the same in every family is not said here: pre-norm
 * blocks, root-mean-square norms, rotary embedding, grouped queries, gated feed-forward.
 *
 * @param rotary of layers that see everything
 * @param windowedRotary of layers that see a window
 * @param window how many tokens those see, themselves included; 0: all
 * @param windowed for each layer whether it is one of those
 * @param queryKeyNorms whether queries and keys are normalised head by head, before they are turned
 * @param postNorms whether what a block adds to the residual is normalised, too
 */
record DecoderDesign(
        DecoderShape shape,
        Rotary rotary,
        Rotary windowedRotary,
        int window,
        List<Boolean> windowed,
        DecoderScales scales,
        Activation activation,
        boolean queryKeyNorms,
        boolean postNorms) {
    private static final int MAX_WINDOW = 1 << 24;
    private static final double DEFAULT_ROTARY_BASE = 10_000;

    DecoderDesign {
        windowed = List.copyOf(windowed);
        TernException.require(
                windowed.size() == shape.layers(), "windowed layers", windowed.size(), shape.layers() + " layers");
    }

    /** Llama's own: no windows, no norms but those before each half of a layer. */
    static DecoderDesign plain(DecoderShape shape, DecoderSettings settings) {
        Rotary rotary = settings.rotary(DEFAULT_ROTARY_BASE);
        return new DecoderDesign(
                shape,
                rotary,
                rotary,
                0,
                Collections.nCopies(shape.layers(), false),
                DecoderScales.plain(shape.headSize()),
                settings.activation(Activation.SILU),
                false,
                false);
    }

    /**
     * With layers that see a window of the tokens before; the whole context where the checkpoint names no window.
     *
     * @param usual which layers those are, where the checkpoint is silent
     */
    DecoderDesign withWindows(DecoderSettings settings, IntPredicate usual) {
        return new DecoderDesign(
                shape,
                rotary,
                windowedRotary,
                settings.whole(Setting.WINDOW, 1, MAX_WINDOW, 0),
                settings.windowed(shape.layers(), usual),
                scales,
                activation,
                queryKeyNorms,
                postNorms);
    }

    /** The same with fewer layers. */
    DecoderDesign firstLayers(int layers) {
        return new DecoderDesign(
                shape.withLayers(layers),
                rotary,
                windowedRotary,
                window,
                windowed.subList(0, layers),
                scales,
                activation,
                queryKeyNorms,
                postNorms);
    }

    DecoderDesign withQueryKeyNorms() {
        return new DecoderDesign(shape, rotary, windowedRotary, window, windowed, scales, activation, true, postNorms);
    }

    /** How many tokens a token of this layer sees at most, itself included; 0: all before it. */
    int window(int layer) {
        return windowed.get(layer) && window < shape.context() ? window : 0;
    }

    Rotary rotary(int layer) {
        return windowed.get(layer) ? windowedRotary : rotary;
    }
}
