package io.tern.decoding.convert;

import java.util.List;
import java.util.Map;

/**
 * The text models of Gemma 3: five windowed layers to one that sees everything, each kind with a rotary embedding of its
 * own; norms on both sides of each half of a layer, and of queries and keys; GeGLU. Gemma team 2025.
 */
final class Gemma3Family implements GemmaFamily {
    private static final int HEAD_SIZE = 256;
    private static final int WINDOW_PATTERN = 6;
    private static final int MAX_WINDOW_PATTERN = 1 << 16;
    private static final int LAYERS_OF_27B = 62;
    private static final double ROTARY_BASE = 1e6;
    private static final double WINDOWED_ROTARY_BASE = 1e4;

    @Override
    public List<String> architectures() {
        return List.of("gemma3");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("gemma3_text", "gemma3");
    }

    /** Published files of the larger models, which see pictures too, leave these out. */
    @Override
    public Map<String, Object> configDefaults() {
        return Map.of(
                "vocab_size", 262_208,
                "num_attention_heads", 8,
                "num_key_value_heads", 4,
                "max_position_embeddings", 131_072,
                "sliding_window", 4096,
                "query_pre_attn_scalar", 256,
                "rms_norm_eps", 1e-6);
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        DecoderShape shape = DecoderShape.of(settings, HEAD_SIZE);
        int pattern = settings.whole(Setting.WINDOW_PATTERN, 1, MAX_WINDOW_PATTERN, WINDOW_PATTERN);
        Rotary windowed = settings.windowedRotary(WINDOWED_ROTARY_BASE, shape.headSize());
        return DecoderDesign.plain(
                        shape,
                        settings.rotary(ROTARY_BASE, shape.headSize()),
                        settings.activation(Activation.GELU_TANH))
                .withScales(GemmaFamily.scales(settings, shape, LAYERS_OF_27B, 0))
                .withNorms(QueryKeyNorms.EACH_HEAD, BlockNorms.BOTH)
                .withWindows(settings, layer -> (layer + 1) % pattern != 0, _ -> windowed);
    }
}
