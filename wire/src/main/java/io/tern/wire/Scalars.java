package io.tern.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a scalar is written: JSON knows types, a form has only text. Null means: of another type. */
public enum Scalars {
    JSON {
        @Override
        @Nullable
        Long integer(JsonNode node) {
            return node.isIntegralNumber() && node.canConvertToLong() ? (Long) node.longValue() : null;
        }

        @Override
        @Nullable
        Double number(JsonNode node) {
            return node.isNumber() ? (Double) node.asDouble() : null;
        }

        @Override
        @Nullable
        Boolean flag(JsonNode node) {
            return node.isBoolean() ? (Boolean) node.booleanValue() : null;
        }

        @Override
        @Nullable
        List<String> texts(JsonNode node) {
            if (node.isString()) {
                return List.of(node.stringValue());
            }
            boolean strings = node.isArray() && node.values().stream().allMatch(JsonNode::isString);
            return strings ? node.values().stream().map(JsonNode::stringValue).toList() : null;
        }
    },
    FORM {
        @Override
        @Nullable
        Long integer(JsonNode node) {
            try {
                return Long.valueOf(node.stringValue().strip());
            } catch (NumberFormatException _) {
                return null;
            }
        }

        @Override
        @Nullable
        Double number(JsonNode node) {
            try {
                return Double.valueOf(node.stringValue().strip());
            } catch (NumberFormatException _) {
                return null;
            }
        }

        @Override
        @Nullable
        Boolean flag(JsonNode node) {
            return switch (node.stringValue().strip()) {
                case "true", "1" -> true;
                case "false", "0" -> false;
                default -> null;
            };
        }

        @Override
        List<String> texts(JsonNode node) {
            return Arrays.stream(node.stringValue().split(","))
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .toList();
        }
    };

    abstract @Nullable Long integer(JsonNode node);

    abstract @Nullable Double number(JsonNode node);

    abstract @Nullable Boolean flag(JsonNode node);

    abstract @Nullable List<String> texts(JsonNode node);

    /** For comparing with the values that are accepted. */
    String text(JsonNode node) {
        return node.isContainer() ? describe(node) : node.asString();
    }

    public static @Nullable List<Integer> int32s(JsonNode node) {
        if (!node.isArray()) {
            return null;
        }
        List<Integer> values = new ArrayList<>(node.size());
        for (JsonNode item : node.values()) {
            if (!item.isIntegralNumber() || !item.canConvertToInt()) {
                return null;
            }
            values.add(item.intValue());
        }
        return values;
    }

    static byte @Nullable [] base64(JsonNode node) {
        return node.isString() ? Base64Text.decode(node.stringValue()) : null;
    }

    /** An empty array, object or text. */
    public static boolean isEmpty(JsonNode node) {
        return node.isContainer()
                ? node.isEmpty()
                : node.isString() && node.stringValue().isEmpty();
    }

    /** A scalar's value, or what kind of thing it is. */
    public static String describe(JsonNode node) {
        if (node.isArray()) {
            return "array";
        }
        return node.isObject() ? "object" : Names.printable(node.asString());
    }
}
