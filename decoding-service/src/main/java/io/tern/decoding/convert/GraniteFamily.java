package io.tern.decoding.convert;

import java.util.List;
import java.util.Map;

/** Granite 3: a llama with scales on embedding, scores, residual and logits. IBM 2024; Yang et al. 2022 (µP). */
final class GraniteFamily implements DecoderFamily {
    @Override
    public List<String> architectures() {
        return List.of("granite");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("granite");
    }

    @Override
    public boolean interleavedInGguf() {
        return true;
    }

    @Override
    public Map<String, Object> configDefaults() {
        return Map.of(Setting.RMS_EPSILON.configKey(), 1e-6, Setting.ATTENTION_SCALE.configKey(), 1);
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        DecoderShape shape = DecoderShape.of(settings, 0);
        DecoderScales scales = new DecoderScales(
                settings.real(Setting.ATTENTION_SCALE, 1 / Math.sqrt(shape.headSize())),
                0,
                settings.real(Setting.EMBEDDING_SCALE, 1),
                settings.real(Setting.RESIDUAL_SCALE, 1),
                settings.real(Setting.LOGIT_DIVISOR, 1),
                0);
        return DecoderDesign.plain(shape, settings).withScales(scales);
    }
}
