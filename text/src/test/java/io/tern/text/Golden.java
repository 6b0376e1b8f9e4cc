package io.tern.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Vectors under models/golden of the checkout. */
public final class Golden {
    public static final Path MODELS = Path.of(System.getProperty("tern.root"), "models");

    private Golden() {}

    public static JsonNode read(String file) {
        try {
            return JsonMapper.shared()
                    .readTree(Files.readAllBytes(MODELS.resolve("golden").resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).intValue();
        }
        return ids;
    }
}
