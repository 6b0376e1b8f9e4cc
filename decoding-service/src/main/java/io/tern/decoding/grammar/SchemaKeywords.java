package io.tern.decoding.grammar;

import static io.tern.base.TernException.require;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One schema object's keywords, by name and type. What says something of a value and is not built is refused by its name;
 * what only describes it is passed over.
 *
 * @param path of the schema in the request, for errors
 */
record SchemaKeywords(ObjectNode schema, String path) {
    private static final int MOST_CHARACTERS = 50_000;
    private static final int MOST_BOUND_DIGITS = 40;
    private static final Set<String> STRING = Set.of("minLength", "maxLength", "pattern", "format");
    private static final Set<String> NUMBER =
            Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
    private static final Set<String> OBJECT = Set.of("properties", "required", "additionalProperties");
    private static final Set<String> ARRAY = Set.of("items", "prefixItems", "minItems", "maxItems", "uniqueItems");
    private static final Set<String> ANY =
            Set.of("type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf", "nullable");
    private static final Set<String> DESCRIPTIONS = Set.of(
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "example",
            "examples",
            "$schema",
            "$id",
            "$comment",
            "deprecated",
            "readOnly",
            "writeOnly",
            "contentMediaType",
            "contentEncoding");
    private static final Set<String> NUMBERS = Set.of(
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf");
    private static final Set<String> LISTS = Set.of("enum", "required", "allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "integer", "boolean", "null");

    /** @throws TernException INVALID_ARGUMENT for a keyword that is not built */
    static SchemaKeywords of(ObjectNode schema, String path) {
        for (String name : schema.propertyNames()) {
            boolean known = STRING.contains(name)
                    || NUMBER.contains(name)
                    || OBJECT.contains(name)
                    || ARRAY.contains(name)
                    || ANY.contains(name)
                    || DESCRIPTIONS.contains(name);
            if (!known) {
                throw new TernException(
                        ErrorCode.INVALID_ARGUMENT,
                        path + ": the keyword " + shown(name) + " is not supported by this server",
                        path + "." + shown(name),
                        null);
            }
        }
        SchemaKeywords keywords = new SchemaKeywords(schema, path);
        keywords.requireKinds(NUMBERS, JsonNode::isNumber, "number");
        keywords.requireKinds(LISTS, JsonNode::isArray, "array");
        keywords.requireKinds(Set.of("properties"), JsonNode::isObject, "object");
        return keywords;
    }

    private void requireKinds(Set<String> names, Predicate<JsonNode> kind, String expected) {
        for (String name : names) {
            JsonNode value = schema.get(name);
            if (value != null && !kind.test(value)) {
                throw invalid(name, expected);
            }
        }
    }

    /** Harmless to print. */
    static String shown(String name) {
        String cut = name.length() <= 40 ? name : name.substring(0, 40) + "...";
        return cut.replaceAll("[^ -~]", "?");
    }

    @Nullable
    JsonNode get(String name) {
        return schema.get(name);
    }

    boolean has(String name) {
        return schema.has(name);
    }

    TernException invalid(String name, String expected) {
        JsonNode value = schema.get(name);
        return TernException.invalid(path + "." + name, value == null ? "missing" : value.toString(), expected);
    }

    /** The same schema without some of its keywords, and without what only describes it. */
    ObjectNode without(String... names) {
        ObjectNode rest = SchemaMerge.copy(schema);
        rest.remove(List.of(names));
        rest.remove(DESCRIPTIONS);
        return rest;
    }

    /** Names of the types that a value may have; those that the other keywords speak of if none is named. */
    Set<String> types() {
        Set<String> types = new LinkedHashSet<>();
        JsonNode type = schema.get("type");
        if (type != null) {
            (type.isArray() ? type.values() : List.of(type)).forEach(one -> types.add(one.asString()));
            if (types.isEmpty() || !TYPES.containsAll(types)) {
                throw invalid("type", "of " + TYPES.stream().sorted().toList());
            }
        } else {
            addIfAny(types, "object", OBJECT);
            addIfAny(types, "array", ARRAY);
            addIfAny(types, "string", STRING);
            addIfAny(types, "number", NUMBER);
        }
        if (!types.isEmpty() && flag("nullable")) {
            types.add("null");
        }
        if (types.contains("number")) {
            types.remove("integer"); // which are numbers
        }
        return types;
    }

    private void addIfAny(Set<String> types, String type, Set<String> keywords) {
        if (keywords.stream().anyMatch(schema::has)) {
            types.add(type);
        }
    }

    /** Keywords that say more of a value than its type. */
    List<String> constraints(String... except) {
        List<String> names = new ArrayList<>(schema.propertyNames());
        names.removeAll(DESCRIPTIONS);
        names.removeAll(List.of(except));
        return names;
    }

    /** A count; {@code absent} if it is not given. */
    int count(String name, int absent) {
        JsonNode value = schema.get(name);
        if (value == null) {
            return absent;
        }
        boolean whole = value.decimalValue().stripTrailingZeros().scale() <= 0
                && value.doubleValue() >= 0
                && value.doubleValue() <= MOST_CHARACTERS;
        if (!whole) {
            throw invalid(name, "0.." + MOST_CHARACTERS);
        }
        return value.decimalValue().intValueExact();
    }

    @Nullable
    BigDecimal number(String name) {
        JsonNode value = schema.get(name);
        if (value == null) {
            return null;
        }
        BigDecimal number = value.decimalValue().stripTrailingZeros();
        boolean plain = number.precision() <= MOST_BOUND_DIGITS && Math.abs(number.scale()) <= MOST_BOUND_DIGITS;
        require(plain, path + "." + name, value, "at most " + MOST_BOUND_DIGITS + " digits");
        return number;
    }

    boolean flag(String name) {
        JsonNode value = schema.get(name);
        if (value != null && !value.isBoolean()) {
            throw invalid(name, "true or false");
        }
        return value != null && value.booleanValue();
    }

    @Nullable
    String text(String name) {
        JsonNode value = schema.get(name);
        if (value != null && !value.isString()) {
            throw invalid(name, "string");
        }
        return value == null ? null : value.stringValue();
    }

    /** Members of an array; empty if it is not given. */
    List<JsonNode> list(String name) {
        JsonNode value = schema.get(name);
        return value == null || !value.isArray() ? List.of() : List.copyOf(value.values());
    }

    Set<String> names(String name) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode one : list(name)) {
            if (!one.isString()) {
                throw invalid(name, "array of strings");
            }
            names.add(one.stringValue());
        }
        return names;
    }

    Map<String, JsonNode> entries(String name) {
        JsonNode value = schema.get(name);
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        if (value != null) {
            value.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        }
        return entries;
    }
}
