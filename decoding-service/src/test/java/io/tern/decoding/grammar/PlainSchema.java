package io.tern.decoding.grammar;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** JSON Schema as its specification reads, slow and obvious; for the keywords that random schemas have. */
final class PlainSchema {
    private final JsonNode root;

    PlainSchema(JsonNode root) {
        this.root = root;
    }

    boolean allows(JsonNode value) {
        return allows(root, value);
    }

    private boolean allows(JsonNode schema, JsonNode value) {
        if (schema.isBoolean()) {
            return schema.booleanValue();
        }
        return schema.properties().stream().allMatch(entry -> holds(schema, entry.getKey(), entry.getValue(), value));
    }

    private boolean holds(JsonNode schema, String keyword, JsonNode argument, JsonNode value) {
        return switch (keyword) {
            case "$ref" -> allows(root.at(argument.asString().substring(1)), value);
            case "type" ->
                argument.isArray()
                        ? argument.values().stream().anyMatch(type -> isOf(value, type.asString()))
                        : isOf(value, argument.asString());
            case "enum" -> argument.values().stream().anyMatch(one -> same(one, value));
            case "const" -> same(argument, value);
            case "anyOf" -> argument.values().stream().anyMatch(one -> allows(one, value));
            case "oneOf" ->
                argument.values().stream().filter(one -> allows(one, value)).count() == 1;
            case "allOf" -> argument.values().stream().allMatch(one -> allows(one, value));
            case "minimum" -> !value.isNumber() || compare(value, argument) >= 0;
            case "maximum" -> !value.isNumber() || compare(value, argument) <= 0;
            case "exclusiveMinimum" -> !value.isNumber() || compare(value, argument) > 0;
            case "exclusiveMaximum" -> !value.isNumber() || compare(value, argument) < 0;
            case "multipleOf" ->
                !value.isNumber()
                        || value.decimalValue()
                                        .remainder(argument.decimalValue())
                                        .signum()
                                == 0;
            case "minLength" -> !value.isString() || length(value) >= argument.intValue();
            case "maxLength" -> !value.isString() || length(value) <= argument.intValue();
            case "pattern" ->
                !value.isString()
                        || Pattern.compile(argument.asString())
                                .matcher(value.stringValue())
                                .find();
            case "minItems" -> !value.isArray() || value.size() >= argument.intValue();
            case "maxItems" -> !value.isArray() || value.size() <= argument.intValue();
            case "prefixItems" ->
                !value.isArray()
                        || range(Math.min(value.size(), argument.size())).stream()
                                .allMatch(i -> allows(argument.get(i), value.get(i)));
            case "items" ->
                !value.isArray()
                        || range(value.size()).stream()
                                .skip(schema.path("prefixItems").size())
                                .allMatch(i -> allows(argument, value.get(i)));
            case "required" ->
                !value.isObject() || argument.values().stream().allMatch(name -> value.has(name.asString()));
            case "properties" ->
                !value.isObject()
                        || argument.properties().stream()
                                .allMatch(entry -> !value.has(entry.getKey())
                                        || allows(entry.getValue(), value.get(entry.getKey())));
            case "additionalProperties" ->
                !value.isObject()
                        || value.properties().stream()
                                .filter(entry -> !schema.path("properties").has(entry.getKey()))
                                .allMatch(entry -> allows(argument, entry.getValue()));
            case "$defs" -> true;
            default -> throw new IllegalArgumentException(keyword);
        };
    }

    private static List<Integer> range(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static int length(JsonNode value) {
        return value.stringValue().codePointCount(0, value.stringValue().length());
    }

    private static int compare(JsonNode left, JsonNode right) {
        return left.decimalValue().compareTo(right.decimalValue());
    }

    private static boolean same(JsonNode left, JsonNode right) {
        return left.isNumber() && right.isNumber() ? compare(left, right) == 0 : left.equals(right);
    }

    private static boolean isOf(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "number" -> value.isNumber();
            case "integer" ->
                value.isNumber()
                        && value.decimalValue().remainder(BigDecimal.ONE).signum() == 0;
            default -> throw new IllegalArgumentException(type);
        };
    }
}
