package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.Choice;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateRequest.ConstraintCase;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What form the text has to have: OpenAI's {@code response_format}, and vLLM's names for the same and more.
 *
 * @param request is given the form
 * @param sent is told by which field it came
 */
record FormFields(GenerateRequest.Builder request, Map<String, String> sent) {
    void read(Fields fields) {
        fields.object("response_format").ifPresent(this::readFormat);
        fields.object("structured_outputs").ifPresent(outputs -> {
            readOne(outputs, "");
            outputs.refuse("grammar", "structural_tag");
            outputs.refuseUnknown();
        });
        readOne(fields, "guided_");
    }

    private void readFormat(Fields format) {
        switch (format.text("type").orElseThrow(() -> format.invalid("type", "text, json_object or json_schema"))) {
            case "text" -> {}
            case "json_object" -> // llama.cpp's clients send a schema with it
                format.node("schema")
                        .ifPresentOrElse(
                                schema -> takeSchema(format, "schema", StrictJson.text(schema)),
                                () -> takeObject(format, "type"));
            case "json_schema" -> {
                Fields named = format.object("json_schema").orElseThrow(() -> format.invalid("json_schema", "object"));
                named.text("name");
                named.accept("description");
                named.flag("strict"); // every schema is kept to
                JsonNode schema = named.node("schema").orElseThrow(() -> named.invalid("schema", "a JSON Schema"));
                takeSchema(named, "schema", StrictJson.text(schema));
                named.refuseUnknown();
            }
            default -> throw format.invalid("type", "text, json_object or json_schema");
        }
        format.refuseUnknown();
    }

    private void readOne(Fields fields, String prefix) {
        // A schema may come as text, which is how some clients hold it.
        fields.node(prefix + "json")
                .ifPresent(schema -> takeSchema(
                        fields, prefix + "json", schema.isString() ? schema.stringValue() : StrictJson.text(schema)));
        fields.text(prefix + "regex").ifPresent(regex -> {
            take(fields, prefix + "regex", "regex");
            request.setRegex(regex);
        });
        List<String> choices = fields.texts(prefix + "choice");
        if (fields.node(prefix + "choice").isPresent()) {
            TernException.require(!choices.isEmpty(), fields.path(prefix + "choice"), "no text", "one at least");
            take(fields, prefix + "choice", "choice");
            request.setChoice(Choice.newBuilder().addAllTexts(choices));
        }
        Optional<Boolean> object = prefix.isEmpty() ? fields.flag("json_object") : Optional.empty();
        if (object.orElse(false)) {
            takeObject(fields, "json_object");
        }
    }

    private void takeObject(Fields fields, String name) {
        take(fields, name, "json_object");
        request.setJsonObject(true);
    }

    private void takeSchema(Fields fields, String name, String schema) {
        take(fields, name, "json_schema");
        request.setJsonSchema(schema);
    }

    /** @param form its name in the message */
    private void take(Fields fields, String name, String form) {
        if (request.getConstraintCase() != ConstraintCase.CONSTRAINT_NOT_SET) {
            throw TernException.invalid(fields.path(name), "a second form", "one form of the text");
        }
        sent.put(form, fields.path(name));
    }
}
