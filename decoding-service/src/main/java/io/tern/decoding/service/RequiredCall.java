package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.text.MarkedText;
import io.tern.text.call.CallFormat;
import io.tern.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A call that has to be made, as a model writes one: how its turn begins, and what form the rest has.
 *
 * @param opening written for the model
 * @param schema a JSON Schema: of the arguments where there is one tool, else of name and arguments
 */
record RequiredCall(MarkedText opening, String schema) {
    private static final String REFERENCE = "$ref";

    /**
     * Null if the request does not require one.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    static @Nullable RequiredCall of(GenerateRequest request, CallFormat format) {
        if (!request.getCallRequired()) {
            return null;
        }
        TernException.require(request.getToolsCount() > 0, "call_required", true, "false where there are no tools");
        boolean otherForm = request.getConstraintCase() != GenerateRequest.ConstraintCase.CONSTRAINT_NOT_SET
                || !request.getAnswerPrefix().isEmpty();
        TernException.require(!otherForm, "call_required", "true beside another form of the text", "one of them");
        List<ObjectNode> tools =
                request.getToolsList().stream().map(RequiredCall::tool).toList();
        if (tools.size() == 1) {
            return new RequiredCall(
                    format.opening(name(tools.getFirst())), StrictJson.text(parameters(tools.getFirst())));
        }
        return new RequiredCall(format.opening(), StrictJson.text(anyOf(tools, format.argumentsKey())));
    }

    private static ObjectNode anyOf(List<ObjectNode> tools, String argumentsKey) {
        ObjectNode schema = StrictJson.newObject();
        ArrayNode options = schema.putArray("anyOf");
        for (ObjectNode tool : tools) {
            String place = "#/anyOf/" + options.size() + "/properties/" + argumentsKey;
            ObjectNode call = options.addObject().put("type", "object");
            ObjectNode properties = call.putObject("properties");
            properties.putObject("name").put("const", name(tool));
            properties.set(argumentsKey, moved(parameters(tool), place));
            call.putArray("required").add("name").add(argumentsKey);
            call.put("additionalProperties", false);
        }
        return schema;
    }

    /** A pointer is one from the root, which the tool's schema no longer is. */
    private static JsonNode moved(JsonNode schema, String place) {
        if (schema instanceof ArrayNode array) {
            ArrayNode copy = StrictJson.newArray();
            array.forEach(item -> copy.add(moved(item, place)));
            return copy;
        }
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode copy = StrictJson.newObject();
        object.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            boolean pointer = entry.getKey().equals(REFERENCE)
                    && value.isString()
                    && value.stringValue().startsWith("#");
            copy.set(
                    entry.getKey(),
                    pointer ? StringNode.valueOf(place + value.stringValue().substring(1)) : moved(value, place));
        });
        return copy;
    }

    private static ObjectNode tool(String json) {
        try {
            return StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
        } catch (TernException e) {
            throw TernException.invalid("tools", e.getMessage(), "a JSON object");
        }
    }

    private static String name(ObjectNode tool) {
        String name = tool.path("name").asString("");
        TernException.require(!name.isEmpty(), "tools.name", tool.path("name"), "the name of a function");
        return name;
    }

    private static JsonNode parameters(ObjectNode tool) {
        JsonNode parameters = tool.path("parameters");
        if (parameters.isMissingNode()) {
            return StrictJson.newObject().put("type", "object");
        }
        TernException.require(
                parameters.isObject(), "tools.parameters", parameters.getNodeType(), "a JSON Schema of an object");
        return parameters;
    }
}
