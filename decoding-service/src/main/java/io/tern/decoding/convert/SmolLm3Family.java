package io.tern.decoding.convert;

import java.util.List;
import java.util.Map;

/** SmolLM3: a llama whose every fourth layer turns nothing. Bakouch et al. 2025; Yang et al. 2025 (RNoPE). */
final class SmolLm3Family implements DecoderFamily {
    private static final int INTERVAL = 4;
    private static final double ROTARY_BASE = 2e6;

    @Override
    public List<String> architectures() {
        return List.of("smollm3");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("smollm3");
    }

    @Override
    public boolean interleavedInGguf() {
        return true;
    }

    @Override
    public boolean tiedByDefault() {
        return true;
    }

    @Override
    public Map<String, Object> configDefaults() {
        return Map.of("rms_norm_eps", 1e-6, "use_sliding_window", false);
    }

    /** A window, where one is asked for, is that of the layers that turn nothing. */
    @Override
    public DecoderDesign design(DecoderSettings settings) {
        DecoderShape shape = DecoderShape.of(settings, 0);
        List<Boolean> turned = settings.turned(shape.layers(), INTERVAL);
        LayerDesign layer = new LayerDesign(settings.rotary(ROTARY_BASE, shape.headSize()), 0);
        LayerDesign unturned = new LayerDesign(Rotary.NONE, 0);
        boolean asked = settings.has(Setting.WINDOW);
        return DecoderDesign.plain(shape, layer.rotary(), settings.activation(Activation.SILU))
                .withLayers(i -> turned.get(i) ? layer : unturned)
                .withWindows(settings, i -> asked && !turned.get(i));
    }
}
