package io.tern.decoding.convert;

import io.tern.base.TernException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one architecture does differently; the graph is the same for all. */
interface DecoderFamily {
    List<DecoderFamily> ALL = List.of(
            new LlamaFamily(),
            new MistralFamily(),
            new Qwen2Family(),
            new Qwen3Family(),
            new SmolLm3Family(),
            new Phi3Family(),
            new GraniteFamily(),
            new Olmo2Family(),
            new Gemma2Family(),
            new Gemma3Family());

    /** {@code general.architecture} of its GGUF files. */
    List<String> architectures();

    /** {@code model_type} of its config.json. */
    List<String> modelTypes();

    /** Keys of a config.json that would be another network in this family, unless they are null or false. */
    default List<String> refusedKeys() {
        return List.of(Setting.SCORE_CAP.configKey(), Setting.LOGIT_CAP.configKey());
    }

    /** What a config.json of the family means by leaving a key out. */
    default Map<String, Object> configDefaults() {
        return Map.of(Setting.RMS_EPSILON.configKey(), 1e-6);
    }

    /** @throws TernException INVALID_ARGUMENT for a setting that would change the network in a way that is not built */
    DecoderDesign design(DecoderSettings settings);

    /** Whether GGUF files have rows of Q and K in the order of interleaved rotary embedding. */
    default boolean interleavedInGguf() {
        return false;
    }

    /** What safetensors files leave to be added to the weights of norms. */
    default float normOffset() {
        return 0;
    }

    /** Whether the embedding serves as head where a config.json does not say. */
    default boolean tiedByDefault() {
        return false;
    }

    /** @throws TernException INVALID_ARGUMENT with the names of those that are built */
    static DecoderFamily ofArchitecture(String name) {
        return named("GGUF general.architecture", name, DecoderFamily::architectures);
    }

    /** @throws TernException INVALID_ARGUMENT with the names of those that are built */
    static DecoderFamily ofModelType(String name) {
        return named("config.json model_type", name, DecoderFamily::modelTypes);
    }

    private static DecoderFamily named(String field, String name, Function<DecoderFamily, List<String>> names) {
        return ALL.stream()
                .filter(family -> names.apply(family).contains(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        field,
                        name,
                        ALL.stream()
                                .flatMap(family -> names.apply(family).stream())
                                .collect(Collectors.joining(", "))));
    }
}
