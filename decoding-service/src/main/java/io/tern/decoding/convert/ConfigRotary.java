package io.tern.decoding.convert;

import io.tern.base.TernException;
import tools.jackson.databind.JsonNode;

/**
 * What a config.json says of rotary embeddings: {@code rope_parameters} since release 5 of transformers, {@code rope_theta}
 * and {@code rope_scaling} before.
 */
record ConfigRotary(JsonNode config) {
    private static final String ORIGINAL_CONTEXT = "original_max_position_embeddings";
    private static final String CONTEXT = "max_position_embeddings";
    private static final String BASE = "rope_theta";
    private static final String SHARE = "partial_rotary_factor";
    private static final String SHORT = "short_factor";

    /** Of all layers, or of those that see everything; heads are turned as a whole. */
    Rotary whole(double base, int headSize) {
        requireWhole(config);
        requireWhole(config.path("rope_scaling"));
        requireWhole(config.path("rope_parameters"));
        requireWhole(config.path("rope_parameters").path(ConfigSettings.WHOLE_LAYER));
        return partial(base, headSize);
    }

    private static void requireWhole(JsonNode node) {
        JsonNode turned = node.path(SHARE);
        TernException.require(isAbsent(turned) || turned.asDouble(0) == 1, ConfigSettings.field(SHARE), turned, "1");
    }

    /** Of heads of which a part may be turned. */
    Rotary partial(double base, int headSize) {
        JsonNode parameters = config.path("rope_parameters");
        JsonNode own =
                parameters.has(ConfigSettings.WHOLE_LAYER) ? parameters.path(ConfigSettings.WHOLE_LAYER) : parameters;
        return own.isObject()
                ? rotary(own, own, base, headSize)
                : rotary(config, config.path("rope_scaling"), base, headSize);
    }

    /** Of layers that see a window, where the family gives them another. */
    Rotary windowed(double base, int headSize) {
        JsonNode parameters = config.path("rope_parameters").path(ConfigSettings.WINDOWED_LAYER);
        return parameters.isObject()
                ? rotary(parameters, parameters, base, headSize)
                : Rotary.plain(real(config, "rope_local_base_freq", base), headSize);
    }

    private Rotary rotary(JsonNode own, JsonNode scaling, double base, int headSize) {
        double share = real(own, SHARE, real(config, SHARE, 1));
        TernException.require(share > 0 && share <= 1, ConfigSettings.field(SHARE), share, "above 0, at most 1");
        return new Rotary(real(own, BASE, real(config, BASE, base)), scaling(scaling), (int) (headSize * share));
    }

    private RotaryScaling scaling(JsonNode node) {
        String type = node.path("rope_type").asString(node.path("type").asString("default"));
        return switch (type) {
            // Dynamic scaling changes nothing up to max_position_embeddings, and no text is longer here.
            case "default", "dynamic" -> RotaryScaling.NONE;
            case "linear" -> new RotaryScaling.Linear(real(node, "factor"));
            case "llama3" ->
                new RotaryScaling.Llama3(
                        real(node, "factor"),
                        real(node, "low_freq_factor"),
                        real(node, "high_freq_factor"),
                        originalContext(node));
            case "yarn" -> node.has(SHORT) ? longRope(node) : yarn(node); // as the first files of Phi 3 call it
            case "longrope", "su" -> longRope(node);
            default ->
                throw TernException.invalid(
                        ConfigSettings.field("rope_type"), type, "default, dynamic, linear, llama3, longrope or yarn");
        };
    }

    private RotaryScaling yarn(JsonNode node) {
        double original = originalContext(node);
        double factor = real(node, "factor", real(config, CONTEXT, original) / original);
        return new RotaryScaling.Yarn(
                factor,
                original,
                real(node, "beta_fast", RotaryScaling.Yarn.FAST_TURNS),
                real(node, "beta_slow", RotaryScaling.Yarn.SLOW_TURNS),
                node.path("truncate").asBoolean(true),
                real(node, "attention_factor", magnitude(node, factor)));
    }

    private RotaryScaling longRope(JsonNode node) {
        double original = originalContext(node);
        double factor = real(node, "factor", real(config, CONTEXT, original) / original);
        double magnitude = real(node, "attention_factor", RotaryScaling.Divisors.sharpening(factor, original));
        return new RotaryScaling.Divisors(divisors(node.path(SHORT)), magnitude, (int) original);
    }

    private static float[] divisors(JsonNode list) {
        float[] divisors = new float[list.size()];
        for (int i = 0; i < divisors.length; i++) {
            JsonNode value = list.get(i);
            TernException.require(value.isNumber(), ConfigSettings.field(SHORT), value, "numbers");
            divisors[i] = value.floatValue();
        }
        return divisors;
    }

    private static double magnitude(JsonNode node, double factor) {
        double cosines = real(node, "mscale", 0);
        double scores = real(node, "mscale_all_dim", 0);
        return cosines != 0 && scores != 0
                ? RotaryScaling.Yarn.sharpening(factor, cosines) / RotaryScaling.Yarn.sharpening(factor, scores)
                : RotaryScaling.Yarn.sharpening(factor, 1);
    }

    private double originalContext(JsonNode node) {
        JsonNode named = isAbsent(config.path(ORIGINAL_CONTEXT)) ? node : config;
        return isAbsent(named.path(ORIGINAL_CONTEXT)) ? real(config, CONTEXT) : real(named, ORIGINAL_CONTEXT);
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static double real(JsonNode node, String key, double absent) {
        return isAbsent(node.path(key)) ? absent : real(node, key);
    }

    private static double real(JsonNode node, String key) {
        JsonNode value = node.path(key);
        TernException.require(value.isNumber(), ConfigSettings.field(key), ConfigSettings.shown(value), "a number");
        return value.doubleValue();
    }
}
