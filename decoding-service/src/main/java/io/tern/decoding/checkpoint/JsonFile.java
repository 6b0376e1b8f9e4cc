package io.tern.decoding.checkpoint;

import io.tern.base.TernException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The small JSON files beside the weights. */
public final class JsonFile {
    private static final long MAX_BYTES = 1 << 24;

    private JsonFile() {}

    /** @throws TernException INVALID_ARGUMENT if there is no such file, or no JSON object in it */
    public static JsonNode read(Path file) throws IOException {
        return find(file)
                .orElseThrow(() -> TernException.invalid(String.valueOf(file.getFileName()), "absent", "a JSON file"));
    }

    /** Empty if there is no such file. */
    public static Optional<JsonNode> find(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        String name = String.valueOf(file.getFileName());
        TernException.require(Files.size(file) <= MAX_BYTES, name, Files.size(file) + " bytes", "at most " + MAX_BYTES);
        try {
            JsonNode root = JsonMapper.shared().readTree(Files.readAllBytes(file));
            TernException.require(root.isObject(), name, root.getNodeType(), "a JSON object");
            return Optional.of(root);
        } catch (JacksonException e) {
            throw TernException.invalid(name, e.getOriginalMessage(), "a JSON object");
        }
    }
}
