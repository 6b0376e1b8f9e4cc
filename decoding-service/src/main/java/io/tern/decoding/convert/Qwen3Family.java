package io.tern.decoding.convert;

import java.util.List;
import java.util.Map;

/** Qwen 3: a llama with normalised queries and keys. Yang et al. 2025. */
final class Qwen3Family implements DecoderFamily {
    private static final int HEAD_SIZE = 128;

    @Override
    public List<String> architectures() {
        return List.of("qwen3");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("qwen3");
    }

    @Override
    public Map<String, Object> configDefaults() {
        return Qwen2Family.DEFAULTS;
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        return DecoderDesign.plain(DecoderShape.of(settings, HEAD_SIZE), settings)
                .withWindows(settings, Qwen2Family.windowed(settings))
                .withNorms(QueryKeyNorms.EACH_HEAD, BlockNorms.BEFORE);
    }
}
