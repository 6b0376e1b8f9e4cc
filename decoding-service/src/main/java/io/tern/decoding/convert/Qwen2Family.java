package io.tern.decoding.convert;

import java.util.List;

/** Qwen 2 and 2.5: a llama whose queries, keys and values have a bias. Yang et al. 2024. */
final class Qwen2Family implements DecoderFamily {
    @Override
    public List<String> architectures() {
        return List.of("qwen2");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("qwen2");
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        return DecoderDesign.plain(DecoderShape.of(settings, 0), settings).withWindows(settings, _ -> false);
    }
}
