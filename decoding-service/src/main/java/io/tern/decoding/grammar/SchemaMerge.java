package io.tern.decoding.grammar;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One schema for what two schemas allow together. What cannot be said in one schema is refused. */
final class SchemaMerge {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String path;

    /** @param path of the schema, for errors */
    SchemaMerge(String path) {
        this.path = path;
    }

    /** A schema that allows nothing allows nothing together with any other. */
    JsonNode both(JsonNode left, JsonNode right) {
        if (left.isBoolean()) {
            return left.booleanValue() ? right : left;
        }
        if (right.isBoolean()) {
            return right.booleanValue() ? left : right;
        }
        if (left instanceof ObjectNode one && right instanceof ObjectNode other) {
            return both(one, other);
        }
        throw TernException.invalid(path, "no schema", "an object or a boolean");
    }

    private ObjectNode both(ObjectNode left, ObjectNode right) {
        requireSameClosure(left, right);
        ObjectNode merged = copy(left);
        right.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode value = merged.get(name);
            merged.set(name, value == null ? entry.getValue() : both(name, value, entry.getValue()));
        });
        return merged;
    }

    private JsonNode both(String keyword, JsonNode left, JsonNode right) {
        if (left.equals(right)) {
            return left;
        }
        return switch (keyword) {
            case "minimum", "exclusiveMinimum", "minLength", "minItems" ->
                left.decimalValue().compareTo(right.decimalValue()) >= 0 ? left : right;
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems" ->
                left.decimalValue().compareTo(right.decimalValue()) <= 0 ? left : right;
            case "type" -> types(left, right);
            case "required" -> union(left, right);
            case "enum" -> intersection(left, right);
            case "properties" -> properties(left, right);
            case "items" -> together(left, right);
            case "allOf" -> concatenation(left, right);
            case "title", "description", "default", "examples", "example", "$comment" -> left;
            default ->
                throw new TernException(
                        ErrorCode.INVALID_ARGUMENT,
                        path + ": " + keyword + " in two parts of one schema is not supported by this server",
                        path,
                        null);
        };
    }

    /** A schema that closes its objects knows only its own properties; it cannot be merged with one that has others. */
    private void requireSameClosure(ObjectNode left, ObjectNode right) {
        requireNoMore(left, right);
        requireNoMore(right, left);
    }

    private void requireNoMore(ObjectNode closed, ObjectNode other) {
        JsonNode additional = closed.get("additionalProperties");
        boolean open = additional == null || (additional.isBoolean() && additional.booleanValue());
        Set<String> more = new HashSet<>(names(other));
        more.removeAll(names(closed));
        if (!open && !more.isEmpty()) {
            throw new TernException(
                    ErrorCode.INVALID_ARGUMENT,
                    path
                            + ": additionalProperties beside the properties of another part is not supported by this"
                            + " server",
                    path + ".additionalProperties",
                    null);
        }
    }

    private static Set<String> names(ObjectNode schema) {
        Set<String> names = new HashSet<>();
        if (schema.get("properties") instanceof ObjectNode properties) {
            names.addAll(properties.propertyNames());
        }
        if (schema.get("required") instanceof ArrayNode required) {
            required.forEach(name -> names.add(name.asString()));
        }
        return names;
    }

    private static JsonNode types(JsonNode left, JsonNode right) {
        Set<String> ours = typeNames(left);
        Set<String> theirs = typeNames(right);
        ArrayNode both = NODES.arrayNode();
        ours.stream()
                .filter(type -> theirs.contains(type) || (type.equals("integer") && theirs.contains("number")))
                .forEach(both::add);
        if (ours.contains("number") && theirs.contains("integer") && !theirs.contains("number")) {
            both.add("integer");
        }
        return both;
    }

    private static Set<String> typeNames(JsonNode type) {
        Set<String> names = new LinkedHashSet<>();
        if (type.isArray()) {
            type.forEach(name -> names.add(name.asString()));
        } else {
            names.add(type.asString());
        }
        return names;
    }

    private static JsonNode union(JsonNode left, JsonNode right) {
        Set<JsonNode> all = new LinkedHashSet<>();
        left.forEach(all::add);
        right.forEach(all::add);
        return NODES.arrayNode().addAll(all);
    }

    private static JsonNode intersection(JsonNode left, JsonNode right) {
        Set<JsonNode> kept = new LinkedHashSet<>();
        left.forEach(kept::add);
        Set<JsonNode> other = new HashSet<>();
        right.forEach(other::add);
        kept.retainAll(other);
        return NODES.arrayNode().addAll(kept);
    }

    private static JsonNode properties(JsonNode left, JsonNode right) {
        ObjectNode merged = copy((ObjectNode) left);
        right.properties().forEach(entry -> {
            JsonNode known = merged.get(entry.getKey());
            merged.set(entry.getKey(), known == null ? entry.getValue() : together(known, entry.getValue()));
        });
        return merged;
    }

    /** What lies within is shared: schemas are never changed. */
    static ObjectNode copy(ObjectNode schema) {
        ObjectNode copy = NODES.objectNode();
        copy.setAll(schema);
        return copy;
    }

    private static JsonNode concatenation(JsonNode left, JsonNode right) {
        ArrayNode all = NODES.arrayNode();
        left.forEach(all::add);
        right.forEach(all::add);
        return all;
    }

    private static JsonNode together(JsonNode left, JsonNode right) {
        ObjectNode both = NODES.objectNode();
        both.putArray("allOf").add(left).add(right);
        return both;
    }
}
