package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.Choice;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateRequest.ConstraintCase;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What form the text has to have: OpenAI's {@code response_format}, and vLLM's names for the same and more. */
final class FormFields {
    private FormFields() {}

    static void read(Fields fields, GenerateRequest.Builder request) {
        fields.object("response_format").ifPresent(format -> readFormat(format, request));
        fields.object("structured_outputs").ifPresent(outputs -> {
            readOne(outputs, "", request);
            outputs.refuse("grammar", "structural_tag");
            outputs.refuseUnknown();
        });
        readOne(fields, "guided_", request);
    }

    private static void readFormat(Fields format, GenerateRequest.Builder request) {
        switch (format.text("type").orElseThrow(() -> format.invalid("type", "text, json_object or json_schema"))) {
            case "text" -> {}
            case "json_object" -> // llama.cpp's clients send a schema with it
                format.node("schema")
                        .ifPresentOrElse(
                                schema -> request.setJsonSchema(StrictJson.text(schema)),
                                () -> request.setJsonObject(true));
            case "json_schema" -> {
                Fields named = format.object("json_schema").orElseThrow(() -> format.invalid("json_schema", "object"));
                named.text("name");
                named.accept("description");
                named.flag("strict"); // every schema is kept to
                JsonNode schema = named.node("schema").orElseThrow(() -> named.invalid("schema", "a JSON Schema"));
                request.setJsonSchema(StrictJson.text(schema));
                named.refuseUnknown();
            }
            default -> throw format.invalid("type", "text, json_object or json_schema");
        }
        format.refuseUnknown();
    }

    private static void readOne(Fields fields, String prefix, GenerateRequest.Builder request) {
        fields.node(prefix + "json").ifPresent(schema -> {
            // A schema may come as text, which is how some clients hold it.
            take(fields, prefix + "json", request);
            request.setJsonSchema(schema.isString() ? schema.stringValue() : StrictJson.text(schema));
        });
        fields.text(prefix + "regex").ifPresent(regex -> {
            take(fields, prefix + "regex", request);
            request.setRegex(regex);
        });
        List<String> choices = fields.texts(prefix + "choice");
        if (fields.node(prefix + "choice").isPresent()) {
            TernException.require(!choices.isEmpty(), fields.path(prefix + "choice"), "no text", "one at least");
            take(fields, prefix + "choice", request);
            request.setChoice(Choice.newBuilder().addAllTexts(choices));
        }
        Optional<Boolean> object = prefix.isEmpty() ? fields.flag("json_object") : Optional.empty();
        if (object.orElse(false)) {
            take(fields, "json_object", request);
            request.setJsonObject(true);
        }
    }

    private static void take(Fields fields, String name, GenerateRequest.Builder request) {
        if (request.getConstraintCase() != ConstraintCase.CONSTRAINT_NOT_SET) {
            throw TernException.invalid(fields.path(name), "a second form", "one form of the text");
        }
    }
}
