package io.tern.decoding.tokenizer;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.JsonFile;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Which tokens end a text: the end of all text and, where a chat model has its own, the end of a turn. */
public final class EndTokens {
    private static final String KEY = "eos_token_id";

    private EndTokens() {}

    /** @throws TernException INVALID_ARGUMENT for an id that the model does not have */
    public static List<Integer> of(ModelSource source, int vocabularySize) throws IOException {
        return source.isFolder() ? ofFolder(source.path(), vocabularySize) : ofGguf(source.path(), vocabularySize);
    }

    private static List<Integer> ofGguf(Path gguf, int vocabularySize) throws IOException {
        try (GgufFile file = GgufFile.open(gguf)) {
            GgufMetadata metadata = file.metadata();
            return Stream.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id")
                    .filter(metadata::has)
                    .map(key -> metadata.whole(key, 0, vocabularySize - 1))
                    .distinct()
                    .toList();
        }
    }

    /** What generation_config.json says goes before what config.json says; genai_config.json is both in one. */
    private static List<Integer> ofFolder(Path folder, int vocabularySize) throws IOException {
        for (String file : List.of("genai_config.json", "generation_config.json", "config.json")) {
            JsonNode ids = JsonFile.find(folder.resolve(file))
                    .map(config -> file.equals("genai_config.json") ? config.path("model") : config)
                    .map(config -> config.path(KEY))
                    .filter(node -> node.isNumber() || node.isArray())
                    .orElse(null);
            if (ids != null) {
                return ids(file, ids, vocabularySize);
            }
        }
        return List.of();
    }

    private static List<Integer> ids(String file, JsonNode node, int vocabularySize) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : node.isArray() ? node : List.of(node)) {
            boolean known = id.canConvertToInt() && id.asInt(-1) >= 0 && id.asInt() < vocabularySize;
            TernException.require(known, file + " " + KEY, id, "0.." + (vocabularySize - 1));
            ids.add(id.asInt());
        }
        return ids.stream().distinct().toList();
    }
}
