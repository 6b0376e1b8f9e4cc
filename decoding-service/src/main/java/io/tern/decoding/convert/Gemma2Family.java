package io.tern.decoding.convert;

import java.util.List;
import java.util.Map;

/**
 * Gemma 2: every other layer sees a window; norms on both sides of each half of a layer; GeGLU; scores of the attention and
 * logits are bent. Gemma team 2024.
 */
final class Gemma2Family implements GemmaFamily {
    private static final int HEAD_SIZE = 256;
    private static final int LAYERS_OF_27B = 46;
    private static final double ROTARY_BASE = 1e4;

    @Override
    public List<String> architectures() {
        return List.of("gemma2");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("gemma2");
    }

    @Override
    public Map<String, Object> configDefaults() {
        return Map.of(
                "rms_norm_eps", 1e-6,
                "sliding_window", 4096,
                "query_pre_attn_scalar", 256,
                "attn_logit_softcapping", 50,
                "final_logit_softcapping", 30);
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        DecoderShape shape = DecoderShape.of(settings, HEAD_SIZE);
        Rotary rotary = settings.rotary(ROTARY_BASE, shape.headSize());
        return DecoderDesign.plain(shape, rotary, settings.activation(Activation.GELU_TANH))
                .withScales(GemmaFamily.scales(settings, shape, LAYERS_OF_27B, settings.real(Setting.SCORE_CAP, 0)))
                .withNorms(QueryKeyNorms.NONE, BlockNorms.BOTH)
                .withWindows(settings, layer -> layer % 2 == 0);
    }
}
