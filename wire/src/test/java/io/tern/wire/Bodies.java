package io.tern.wire;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON written with single quotes, so that tests stay readable. */
public final class Bodies {
    private Bodies() {}

    public static ObjectNode body(String singleQuoted) {
        return StrictJson.object(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    public static JsonNode json(String singleQuoted) {
        return StrictJson.read(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
