package io.tern.decoding.convert;

import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * All that decides a decoder's network but its weights. What is the same in every family is not said here:
 * root-mean-square norms, grouped queries, gated feed-forward.
 *
 * @param shape its context ends where the first rotary embedding does
 */
record DecoderDesign(
        DecoderShape shape,
        List<LayerDesign> layers,
        DecoderScales scales,
        Activation activation,
        QueryKeyNorms queryKeyNorms,
        BlockNorms blockNorms) {
    private static final int MAX_WINDOW = 1 << 24;
    private static final double DEFAULT_ROTARY_BASE = 10_000;

    DecoderDesign {
        layers = List.copyOf(layers);
        int longest = layers.stream().mapToInt(LayerDesign::longest).min().orElseThrow();
        shape = shape.withContext(Math.min(shape.context(), longest));
    }

    /** Llama's own: no windows, no norms but those before each half of a layer. */
    static DecoderDesign plain(DecoderShape shape, DecoderSettings settings) {
        return plain(
                shape, settings.rotary(DEFAULT_ROTARY_BASE, shape.headSize()), settings.activation(Activation.SILU));
    }

    /** The same with another rotary embedding or activation. */
    static DecoderDesign plain(DecoderShape shape, Rotary rotary, Activation activation) {
        return new DecoderDesign(
                shape,
                Collections.nCopies(shape.layers(), new LayerDesign(rotary, 0)),
                DecoderScales.plain(shape.headSize()),
                activation,
                QueryKeyNorms.NONE,
                BlockNorms.BEFORE);
    }

    /**
     * With layers that see a window of the tokens before; the whole context where the checkpoint names no window.
     *
     * @param usual which layers those are, where the checkpoint is silent
     */
    DecoderDesign withWindows(DecoderSettings settings, IntPredicate usual) {
        return withWindows(settings, usual, layer -> layers.get(layer).rotary());
    }

    /** @param rotary of a layer that sees a window, by its index */
    DecoderDesign withWindows(DecoderSettings settings, IntPredicate usual, IntFunction<Rotary> rotary) {
        int window = settings.whole(Setting.WINDOW, 0, MAX_WINDOW, 0);
        List<Boolean> windowed = settings.windowed(shape.layers(), usual);
        return withLayers(
                layer -> windowed.get(layer) ? new LayerDesign(rotary.apply(layer), window) : layers.get(layer));
    }

    DecoderDesign withLayers(IntFunction<LayerDesign> layer) {
        List<LayerDesign> all =
                IntStream.range(0, shape.layers()).mapToObj(layer).toList();
        return new DecoderDesign(shape, all, scales, activation, queryKeyNorms, blockNorms);
    }

    /** The same with fewer layers. */
    DecoderDesign firstLayers(int count) {
        return new DecoderDesign(
                shape.withLayers(count), layers.subList(0, count), scales, activation, queryKeyNorms, blockNorms);
    }

    DecoderDesign withScales(DecoderScales other) {
        return new DecoderDesign(shape, layers, other, activation, queryKeyNorms, blockNorms);
    }

    DecoderDesign withNorms(QueryKeyNorms queriesAndKeys, BlockNorms blocks) {
        return new DecoderDesign(shape, layers, scales, activation, queriesAndKeys, blocks);
    }

    /** How many tokens a token of this layer sees at most, itself included; 0: all before it. */
    int window(int layer) {
        int window = layers.get(layer).window();
        return window < shape.context() ? window : 0;
    }

    Rotary rotary(int layer) {
        return layers.get(layer).rotary();
    }
}
