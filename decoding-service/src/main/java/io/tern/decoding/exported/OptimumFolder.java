package io.tern.decoding.exported;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A folder as optimum leaves it: a config.json of transformers and a graph, here or in {@code onnx/}. */
final class OptimumFolder {
    static final int LEAST_CONTEXT = 64;
    static final int MOST_CONTEXT = 1 << 24;

    private static final String CONFIG = "config.json";
    /** Those that take an empty past as well as any other; without a past every token would cost the whole text. */
    private static final List<String> GRAPHS = List.of("model.onnx", "decoder_with_past_model.onnx");
    /** By the age of the configuration. */
    private static final List<String> CONTEXTS =
            List.of("max_position_embeddings", "n_positions", "n_ctx", "seq_length");

    private OptimumFolder() {}

    /**
     * Empty if there is none.
     *
     * @throws TernException INVALID_ARGUMENT if there are several, of which none has a name that tells it from the others
     */
    static Optional<Path> graph(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        for (String name : GRAPHS) {
            if (Files.exists(folder.resolve(name))) {
                return Optional.of(folder.resolve(name));
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> graphs = files.filter(file -> file.toString().endsWith(".onnx"))
                    .sorted()
                    .limit(2)
                    .toList();
            TernException.require(
                    graphs.size() < 2, "path", folder + " with several graphs", "one, or one of " + GRAPHS);
            return graphs.stream().findFirst();
        }
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
