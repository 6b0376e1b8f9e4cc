package io.tern.decoding.service;

import io.tern.base.TernException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON in the texts of a message. */
final class JsonTexts {
    private JsonTexts() {}

    /** @throws TernException INVALID_ARGUMENT if it is no JSON object */
    static ObjectNode object(String field, String json) {
        try {
            JsonNode node = JsonMapper.shared().readTree(json);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw TernException.invalid(field, node.getNodeType(), "a JSON object");
        } catch (JacksonException _) {
            throw TernException.invalid(field, "broken JSON", "a JSON object");
        }
    }
}
