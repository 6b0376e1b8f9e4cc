package io.tern.text.call;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls that are written as JSON: {@code {"name": ..., "arguments": {...}}}, alone or in a list. */
final class JsonCalls {
    private static final List<String> ARGUMENTS = List.of("arguments", "parameters");
    private static final int BROKEN = -1;
    private static final int OPEN = -2;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonCalls() {}

    /** What a text begins with from {@code at}, where an object or a list opens; all before that is part of the call. */
    static Reading read(String text, int at, boolean whole) {
        int end = end(text, at);
        if (end == BROKEN) {
            return Reading.said(at + 1);
        }
        if (end == OPEN) {
            return whole ? Reading.said(text.length()) : Reading.WAIT;
        }
        return Reading.calls(0, end, parse(text.substring(at, end)));
    }

    /** The same for the arguments of a call whose name has been read. */
    static Reading readArguments(String name, String text, int at, boolean whole) {
        int end = end(text, at);
        if (end == BROKEN) {
            return Reading.said(at + 1);
        }
        if (end == OPEN) {
            return whole ? Reading.said(text.length()) : Reading.WAIT;
        }
        return json(text.substring(at, end)) instanceof ObjectNode arguments
                ? Reading.calls(0, end, List.of(new Call(name, written(arguments))))
                : Reading.said(end);
    }

    /** Empty for what is no call, or a list with anything else in it. */
    static List<Call> parse(String text) {
        JsonNode node = json(text.strip());
        if (node == null) {
            return List.of();
        }
        List<Call> calls = new ArrayList<>();
        for (JsonNode one : node.isArray() ? node : List.of(node)) {
            Call call = call(one);
            if (call == null) {
                return List.of();
            }
            calls.add(call);
        }
        return calls;
    }

    static String written(JsonNode arguments) {
        return MAPPER.writeValueAsString(arguments);
    }

    static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    private static @Nullable JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException _) {
            return null;
        }
    }

    private static @Nullable Call call(JsonNode node) {
        for (String key : ARGUMENTS) {
            if (node.path("name").isString() && node.path(key) instanceof ObjectNode arguments) {
                return new Call(node.get("name").stringValue(), written(arguments));
            }
        }
        return null;
    }

    /** Behind the object or list that opens at {@code from}. */
    private static int end(String text, int from) {
        List<Character> open = new ArrayList<>();
        boolean quoted = false;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quoted) {
                at += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                open.add(c == '{' ? '}' : ']');
            } else if (c == '}' || c == ']') {
                if (open.removeLast() != c) {
                    return BROKEN;
                }
                if (open.isEmpty()) {
                    return at + 1;
                }
            }
        }
        return OPEN;
    }
}
