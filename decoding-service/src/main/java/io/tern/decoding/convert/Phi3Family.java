package io.tern.decoding.convert;

import java.util.List;
import java.util.Map;

/**
 * Phi 3, 3.5 and 4: a llama with a window in some sizes, which may turn a part of each head; queries, keys and values are one
 * matrix, and so are the gate and what it opens. Abdin et al. 2024.
 */
final class Phi3Family implements DecoderFamily {
    private static final double ROTARY_BASE = 1e4;

    @Override
    public List<String> architectures() {
        return List.of("phi3");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("phi3");
    }

    @Override
    public Map<String, Object> configDefaults() {
        return Map.of("rms_norm_eps", 1e-5, "original_max_position_embeddings", 4096);
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        DecoderShape shape = DecoderShape.of(settings, 0);
        Rotary rotary = settings.partialRotary(ROTARY_BASE, shape.headSize());
        return DecoderDesign.plain(shape, rotary, settings.activation(Activation.SILU))
                .withWindows(settings, _ -> true);
    }
}
