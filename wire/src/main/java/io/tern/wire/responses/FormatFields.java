package io.tern.wire.responses;

import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code text.format} as a chat's {@code response_format}, where a schema has one more object around it. */
final class FormatFields {
    private FormatFields() {}

    static void read(Fields fields, ObjectNode chat) {
        fields.object("text").ifPresent(text -> {
            text.onlyNeutral("verbosity", "medium");
            text.object("format").ifPresent(format -> chat.set("response_format", format(format)));
            text.refuseUnknown();
        });
    }

    private static ObjectNode format(Fields format) {
        String type = format.text("type").orElse("");
        ObjectNode wanted = StrictJson.newObject().put("type", type);
        switch (type) {
            case "text", "json_object" -> {}
            case "json_schema" -> {
                JsonNode schema = format.node("schema").orElseThrow(() -> format.invalid("schema", "a JSON Schema"));
                format.text("name");
                format.accept("description");
                format.flag("strict"); // every schema is kept to
                wanted.putObject("json_schema").set("schema", schema);
            }
            default -> throw format.invalid("type", "text, json_object or json_schema");
        }
        format.refuseUnknown();
        return wanted;
    }
}
