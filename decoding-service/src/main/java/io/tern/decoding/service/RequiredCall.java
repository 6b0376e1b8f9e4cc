package io.tern.decoding.service;

import io.tern.base.FieldNames;
import io.tern.base.TernException;
import io.tern.decoding.grammar.TokenGrammar;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.text.MarkedText;
import io.tern.text.call.CallFormat;
import io.tern.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * @param field of the request that it is made from
 * @param names of that field's own fields, where the schema has them elsewhere
 */
record RequiredCall(MarkedText opening, String schema, String field, FieldNames names) {
    private static final String REFERENCE = "$ref";
    private static final String PARAMETERS = ".parameters";

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
        List<Tool> tools = new ArrayList<>();
        request.getToolsList().forEach(json -> tools.add(Tool.of(json, "tools[" + tools.size() + "]")));
        return tools.size() == 1 ? ofOne(tools.getFirst(), format) : ofAny(tools, format);
    }

    private static RequiredCall ofOne(Tool tool, CallFormat format) {
        return new RequiredCall(
                format.opening(tool.name()),
                StrictJson.text(tool.parameters()),
                tool.path() + PARAMETERS,
                FieldNames.SAME);
    }

    private static RequiredCall ofAny(List<Tool> tools, CallFormat format) {
        ObjectNode schema = StrictJson.newObject();
        ArrayNode options = schema.putArray("anyOf");
        Map<String, String> names = new HashMap<>();
        String key = format.argumentsKey();
        for (Tool tool : tools) {
            int index = options.size();
            names.put("tools.anyOf[" + index + "].properties." + key, tool.path() + PARAMETERS);
            ObjectNode call = options.addObject().put("type", "object");
            ObjectNode properties = call.putObject("properties");
            properties.putObject("name").put("const", tool.name());
            properties.set(key, moved(tool.parameters(), "#/anyOf/" + index + "/properties/" + key));
            call.putArray("required").add("name").add(key);
            call.put("additionalProperties", false);
        }
        return new RequiredCall(format.opening(), StrictJson.text(schema), "tools", FieldNames.of(names));
    }

    /** @throws TernException INVALID_ARGUMENT with the place in the tools that is wrong */
    TokenGrammar grammar(GrammarCache grammars) {
        try {
            return grammars.ofSchema(schema, field);
        } catch (TernException e) {
            throw names.told(e);
        }
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

    /** @param path of it in the request */
    private record Tool(String name, JsonNode parameters, String path) {
        static Tool of(String json, String path) {
            ObjectNode function = object(json, path);
            String name = function.path("name").asString("");
            TernException.require(!name.isEmpty(), path + ".name", function.path("name"), "the name of a function");
            JsonNode parameters = function.path("parameters");
            if (parameters.isMissingNode()) {
                return new Tool(name, StrictJson.newObject().put("type", "object"), path);
            }
            TernException.require(
                    parameters.isObject(), path + PARAMETERS, parameters.getNodeType(), "a JSON Schema of an object");
            return new Tool(name, parameters, path);
        }

        private static ObjectNode object(String json, String path) {
            try {
                return StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
            } catch (TernException e) {
                throw TernException.invalid(path, e.getMessage(), "a JSON object");
            }
        }
    }
}
