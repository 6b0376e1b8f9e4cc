package io.tern.decoding.convert;

import java.util.List;
import java.util.Map;

/**
 * The text models of Gemma 3: five windowed layers to one that sees everything, each kind with a rotary embedding of its
 * own; norms on both sides of each half of a layer, and of queries and keys; GeGLU. Gemma team 2025.
 */
final class Gemma3Family implements DecoderFamily {
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

    /** Trained as a difference from 1; GGUF files have the sum. */
    @Override
    public float normOffset() {
        return 1;
    }

    @Override
    public boolean tiedByDefault() {
        return true;
    }

    /** Logits may be bent; attn_logit_softcapping is Gemma 2's, and no implementation of Gemma 3 reads it. */
    @Override
    public List<String> refusedKeys() {
        return List.of();
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
                .withScales(scales(settings, shape))
                .withNorms(QueryKeyNorms.EACH_HEAD, BlockNorms.BOTH)
                .withWindows(settings, layer -> (layer + 1) % pattern != 0, _ -> windowed);
    }

    private static DecoderScales scales(DecoderSettings settings, DecoderShape shape) {
        double cap = settings.real(Setting.LOGIT_CAP, 0);
        double attention = 1 / Math.sqrt(queryScalar(settings, shape, LAYERS_OF_27B));
        return new DecoderScales(attention, 0, Math.sqrt(shape.width()), 1, 1, cap);
    }

    /** @param largest layers of the one model of the family that is different */
    static double queryScalar(DecoderSettings settings, DecoderShape shape, int largest) {
        if (settings.has(Setting.QUERY_SCALAR)) {
            return settings.real(Setting.QUERY_SCALAR);
        }
        // GGUF files do not say it.
        return shape.layers() == largest ? (double) shape.width() / shape.heads() : shape.headSize();
    }
}
