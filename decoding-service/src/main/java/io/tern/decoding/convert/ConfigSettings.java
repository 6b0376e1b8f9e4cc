package io.tern.decoding.convert;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A config.json of Hugging Face's transformers, as its releases 4 and 5 write it. */
final class ConfigSettings implements DecoderSettings {
    private static final int MAX_VOCABULARY = 1 << 22;
    static final String WINDOWED_LAYER = "sliding_attention";
    static final String WHOLE_LAYER = "full_attention";
    /** Absent, null or false in every network that is built. */
    private static final List<String> UNSUPPORTED =
            List.of("quantization_config", "use_bidirectional_attention", "num_local_experts", "num_experts");

    private final JsonNode config;

    /**
     * @param config of a decoder, its family's defaults included
     * @param refused further keys that must be absent, null or false
     * @throws TernException INVALID_ARGUMENT if it asks for anything that is not built
     */
    ConfigSettings(JsonNode config, List<String> refused) {
        this.config = config;
        Stream.concat(UNSUPPORTED.stream(), refused.stream()).forEach(key -> {
            JsonNode value = config.path(key);
            boolean asked = !value.isMissingNode() && !value.isNull() && value.asBoolean(true);
            require(!asked, field(key), value, "absent, null or false");
        });
    }

    static String field(String key) {
        return "config.json " + key;
    }

    @Override
    public boolean has(Setting setting) {
        boolean off =
                setting == Setting.WINDOW && !config.path("use_sliding_window").asBoolean(true);
        return !off && !value(setting.configKey()).isMissingNode();
    }

    /** Missing, too, where it is null. */
    private JsonNode value(String key) {
        JsonNode value = config.path(key);
        return value.isNull() ? config.path("") : value;
    }

    @Override
    public int whole(Setting setting, int min, int max) {
        return whole(setting.configKey(), min, max);
    }

    private int whole(String key, int min, int max) {
        JsonNode value = config.path(key);
        boolean fits = value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= min
                && value.intValue() <= max;
        require(fits, field(key), shown(value), min + ".." + max);
        return value.intValue();
    }

    @Override
    public double real(Setting setting) {
        return real(config, setting.configKey());
    }

    private static double real(JsonNode node, String key) {
        JsonNode value = node.path(key);
        require(value.isNumber(), field(key), shown(value), "a number");
        return value.doubleValue();
    }

    static String shown(JsonNode value) {
        return value.isMissingNode() ? "absent" : value.toString();
    }

    @Override
    public int vocabulary() {
        return whole("vocab_size", 1, MAX_VOCABULARY);
    }

    @Override
    public Rotary rotary(double base, int headSize) {
        return new ConfigRotary(config).whole(base, headSize);
    }

    @Override
    public Rotary partialRotary(double base, int headSize) {
        return new ConfigRotary(config).partial(base, headSize);
    }

    @Override
    public Rotary windowedRotary(double base, int headSize) {
        return new ConfigRotary(config).windowed(base, headSize);
    }

    @Override
    public List<Boolean> windowed(int layers, IntPredicate usual) {
        JsonNode types = value("layer_types");
        if (types.isMissingNode()) {
            return IntStream.range(0, layers).mapToObj(usual::test).toList();
        }
        List<Boolean> windowed = new ArrayList<>();
        for (JsonNode type : types) {
            String name = type.asString("");
            require(
                    name.equals(WINDOWED_LAYER) || name.equals(WHOLE_LAYER),
                    field("layer_types"),
                    type,
                    WINDOWED_LAYER + " or " + WHOLE_LAYER);
            windowed.add(name.equals(WINDOWED_LAYER));
        }
        require(windowed.size() == layers, field("layer_types"), windowed.size() + " types", layers + " types");
        return windowed;
    }

    @Override
    public List<Boolean> turned(int layers, int interval) {
        JsonNode turned = value("no_rope_layers"); // 1 where there is one, despite its name
        if (turned.isMissingNode()) {
            String key = "no_rope_layer_interval";
            int every = config.has(key) ? whole(key, 1, Integer.MAX_VALUE) : interval;
            return IntStream.range(0, layers)
                    .mapToObj(layer -> (layer + 1) % every != 0)
                    .toList();
        }
        require(turned.size() == layers, field("no_rope_layers"), turned.size() + " layers", layers + " layers");
        List<Boolean> all = new ArrayList<>();
        turned.forEach(layer -> all.add(layer.asInt(1) != 0));
        return all;
    }

    @Override
    public Activation activation(Activation usual) {
        String key = config.has("hidden_activation") ? "hidden_activation" : "hidden_act";
        JsonNode name = value(key);
        if (name.isMissingNode()) {
            return usual;
        }
        return Activation.named(field(key), name.asString(""));
    }
}
