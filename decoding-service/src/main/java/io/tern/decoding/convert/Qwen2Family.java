package io.tern.decoding.convert;

import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Qwen 2 and 2.5: a llama whose queries, keys and values have a bias. Yang et al. 2024. */
final class Qwen2Family implements DecoderFamily {
    private static final int WHOLE_LAYERS = 28;
    /** What leaving a key out means, in Qwen 3, too. */
    static final Map<String, Object> DEFAULTS = Map.of("rms_norm_eps", 1e-6, "use_sliding_window", false);

    @Override
    public List<String> architectures() {
        return List.of("qwen2");
    }

    @Override
    public List<String> modelTypes() {
        return List.of("qwen2");
    }

    @Override
    public Map<String, Object> configDefaults() {
        return DEFAULTS;
    }

    @Override
    public DecoderDesign design(DecoderSettings settings) {
        return DecoderDesign.plain(DecoderShape.of(settings, 0), settings).withWindows(settings, windowed(settings));
    }

    /** The rule before checkpoints listed their layers; that of Qwen 3, too. */
    static IntPredicate windowed(DecoderSettings settings) {
        int whole = settings.whole(Setting.WHOLE_LAYERS, 0, Integer.MAX_VALUE, WHOLE_LAYERS);
        boolean asked = settings.has(Setting.WINDOW);
        return layer -> asked && layer >= whole;
    }
}
