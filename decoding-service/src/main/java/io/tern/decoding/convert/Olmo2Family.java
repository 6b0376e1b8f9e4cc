package io.tern.decoding.convert;

import java.util.List;
import java.util.Map;

/** OLMo 2: norms behind each half of a layer and none before; queries and keys are normalised. OLMo team 2024, §3. */
final class Olmo2Family implements DecoderFamily {
    @Override
    public List<String> architectures() {
        return List.of("olmo2");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("olmo2");
    }

    @Override
    public Map<String, Object> configDefaults() {
        return Map.of(Setting.RMS_EPSILON.configKey(), 1e-5);
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        return DecoderDesign.plain(DecoderShape.of(settings, 0), settings)
                .withNorms(QueryKeyNorms.ALL_HEADS, BlockNorms.AFTER);
    }
}
