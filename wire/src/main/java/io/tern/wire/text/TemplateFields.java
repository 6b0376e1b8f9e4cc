package io.tern.wire.text;

import io.tern.decoding.v1.GenerateRequest;
import io.tern.wire.Fields;
import io.tern.wire.Scalars;
import io.tern.wire.StrictJson;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What goes to a chat template beside messages and tools, under vLLM's names. */
final class TemplateFields {
    private TemplateFields() {}

    static void read(Fields fields, GenerateRequest.Builder request) {
        variables(fields).ifPresent(request::setChatTemplateKwargs);
        fields.node("documents").ifPresent(documents -> {
            boolean objects = documents.isArray() && documents.values().stream().allMatch(JsonNode::isObject);
            if (!objects) {
                throw fields.invalid("documents", "array of objects");
            }
            documents.values().forEach(document -> request.addDocuments(StrictJson.text(document)));
        });
    }

    /** Absent where there are none. */
    static Optional<String> variables(Fields fields) {
        return fields.node("chat_template_kwargs")
                .filter(node -> !Scalars.isEmpty(node))
                .map(node -> {
                    if (!(node instanceof ObjectNode object)) {
                        throw fields.invalid("chat_template_kwargs", "object of variables by name");
                    }
                    return StrictJson.text(object);
                });
    }
}
