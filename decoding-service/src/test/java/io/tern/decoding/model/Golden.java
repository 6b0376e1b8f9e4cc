package io.tern.decoding.model;

import java.nio.file.Path;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reference vectors in {@code models/golden/decoding}. */
final class Golden {
    private static final Path FOLDER = Path.of(System.getProperty("tern.root")).resolve("models/golden/decoding");

    private Golden() {}

    static JsonNode read(String file) {
        return JsonMapper.shared().readTree(FOLDER.resolve(file));
    }

    static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    /** Sixteen prompts with their ids and the reference's greedy answers. */
    static JsonNode prompts() {
        return read("greedy.json").get("prompts");
    }
}
