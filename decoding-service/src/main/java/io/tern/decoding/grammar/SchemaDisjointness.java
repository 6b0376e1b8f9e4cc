package io.tern.decoding.grammar;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether no value fits two of some schemas, which {@code oneOf} asks for. It is enough that they differ in type, in their
 * values, or in the values of a property that both require.
 */
record SchemaDisjointness(SchemaReferences references, String path) {
    private static final int MOST_OPTIONS = 64;
    private static final int DEEPEST = 16;

    /** @throws TernException INVALID_ARGUMENT if it cannot be seen */
    void require(List<JsonNode> options) {
        TernException.require(
                options.size() <= MOST_OPTIONS, path, options.size() + " schemas", "at most " + MOST_OPTIONS);
        for (int i = 0; i < options.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!areDisjoint(options.get(i), options.get(j), 0)) {
                    throw new TernException(
                            ErrorCode.INVALID_ARGUMENT,
                            path + ": schemas " + j + " and " + i
                                    + " may allow one value both, which is not supported by this server (expected:"
                                    + " anyOf, or schemas that differ in type or in a required property's const)",
                            path,
                            null);
                }
            }
        }
    }

    private boolean areDisjoint(JsonNode left, JsonNode right, int depth) {
        if (!(followed(left) instanceof ObjectNode one)
                || !(followed(right) instanceof ObjectNode other)
                || depth > DEEPEST) {
            return false;
        }
        Set<JsonNode> ours = values(one);
        Set<JsonNode> theirs = values(other);
        if (ours != null && theirs != null) {
            return ours.stream().noneMatch(theirs::contains);
        }
        Set<String> ourTypes = types(one, ours);
        Set<String> theirTypes = types(other, theirs);
        return (!ourTypes.isEmpty()
                        && !theirTypes.isEmpty()
                        && ourTypes.stream().noneMatch(theirTypes::contains))
                || differInProperty(one, other, depth);
    }

    private JsonNode followed(JsonNode schema) {
        JsonNode at = schema;
        for (int hops = 0; hops < DEEPEST && at instanceof ObjectNode object && object.has("$ref"); hops++) {
            at = references.find(object.get("$ref").asString(), path);
        }
        return at;
    }

    private static @Nullable Set<JsonNode> values(ObjectNode schema) {
        if (schema.has("const")) {
            return Set.of(comparable(schema.get("const")));
        }
        return schema.has("enum")
                ? schema.get("enum").values().stream()
                        .map(SchemaDisjointness::comparable)
                        .collect(Collectors.toSet())
                : null;
    }

    /** 1 is 1.0. */
    private static JsonNode comparable(JsonNode value) {
        return value.isNumber() ? DecimalNode.valueOf(value.decimalValue().stripTrailingZeros()) : value;
    }

    private Set<String> types(ObjectNode schema, @Nullable Set<JsonNode> values) {
        Set<String> types = new HashSet<>();
        if (values != null) {
            for (String type : List.of("object", "array", "string", "boolean", "null", "number")) {
                if (values.stream().anyMatch(value -> SchemaCompiler.isOf(value, type))) {
                    types.add(type);
                }
            }
        } else if (schema.has("type")) {
            // Without a type the keywords of one type say nothing of values of others.
            types.addAll(SchemaKeywords.of(schema, path).types());
            if (types.remove("integer")) {
                types.add("number");
            }
        }
        return types;
    }

    private boolean differInProperty(ObjectNode one, ObjectNode other, int depth) {
        if (!isObject(one) || !isObject(other)) {
            return false;
        }
        for (String name : one.get("properties").propertyNames()) {
            if (requires(one, name)
                    && requires(other, name)
                    && other.get("properties").has(name)
                    && areDisjoint(
                            one.get("properties").get(name),
                            other.get("properties").get(name),
                            depth + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isObject(ObjectNode schema) {
        JsonNode type = schema.get("type");
        return type != null
                && type.isString()
                && type.asString().equals("object")
                && schema.get("properties") instanceof ObjectNode;
    }

    private static boolean requires(ObjectNode schema, String name) {
        JsonNode required = schema.get("required");
        return required != null
                && required.isArray()
                && required.values().stream().anyMatch(one -> one.asString().equals(name));
    }
}
