package io.tern.decoding.exported;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A folder as optimum and transformers.js have it: a config.json of transformers and a graph, here or in {@code onnx/},
 * often in several precisions, which the ends of their names tell.
 */
final class OptimumFolder {
    static final int LEAST_CONTEXT = 64;
    static final int MOST_CONTEXT = 1 << 24;

    private static final String CONFIG = "config.json";
    /** Those that take a past, the best first; without a past every token would cost the whole text. */
    private static final List<String> GRAPHS = List.of("model", "decoder_model_merged", "decoder_with_past_model");

    private static final String ENDING = ".onnx";
    /** What follows a graph's name, by what its weights are in; of several the one that a processor runs best is first. */
    private static final SequencedMap<String, List<String>> VARIANTS = new LinkedHashMap<>();

    static {
        VARIANTS.put("fp32", List.of("", "_fp32"));
        VARIANTS.put("fp16", List.of("_fp16"));
        VARIANTS.put("int8", List.of("_quantized", "_int8", "_uint8"));
        VARIANTS.put("int4", List.of("_q4", "_bnb4", "_q4f16"));
    }

    /** By the age of the configuration. */
    private static final List<String> CONTEXTS =
            List.of("max_position_embeddings", "n_positions", "n_ctx", "seq_length");

    private OptimumFolder() {}

    /**
     * Empty if there is none.
     *
     * @param precision of which there may be a graph; empty: the one that is not marked with a precision
     * @throws TernException INVALID_ARGUMENT if there are several, of which none has a name that tells it from the others
     */
    static Optional<Path> graph(Path folder, String precision) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        return named(folder, VARIANTS.getOrDefault(precision, List.of()))
                .or(() -> named(folder, List.of("")))
                .or(() -> only(folder));
    }

    private static Optional<Path> named(Path folder, List<String> variants) {
        return GRAPHS.stream()
                .flatMap(graph -> variants.stream().map(variant -> folder.resolve(graph + variant + ENDING)))
                .filter(Files::exists)
                .findFirst();
    }

    private static Optional<Path> only(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> graphs = files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .limit(2)
                    .toList();
            if (graphs.size() < 2) {
                return graphs.stream().findFirst();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder " + folder.getFileName(), e);
        }
        List<String> precisions = VARIANTS.keySet().stream()
                .filter(precision -> named(folder, VARIANTS.getOrDefault(precision, List.of()))
                        .isPresent())
                .toList();
        throw TernException.invalid(
                "precision",
                "not said for several graphs",
                precisions.isEmpty() ? "one graph, or one of " + GRAPHS : "one of " + precisions);
    }

    /** @throws TernException INVALID_ARGUMENT if no configuration says it */
    static int context(Path folder) throws IOException {
        JsonNode config = JsonFile.read(folder.resolve(CONFIG));
        JsonNode text = config.path("text_config").isObject() ? config.path("text_config") : config;
        for (String key : CONTEXTS) {
            JsonNode length = text.path(key);
            if (!length.isMissingNode()) {
                boolean fits =
                        length.canConvertToInt() && length.asInt() >= LEAST_CONTEXT && length.asInt() <= MOST_CONTEXT;
                TernException.require(fits, CONFIG + " " + key, length, LEAST_CONTEXT + ".." + MOST_CONTEXT);
                return length.asInt();
            }
        }
        throw TernException.invalid(CONFIG, "without a longest text", "one of " + CONTEXTS);
    }
}
