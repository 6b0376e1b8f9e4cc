package io.tern.text.chat;

import io.tern.text.MarkedText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a caller sent, as values of a template: none of its texts is trusted. */
final class Values {
    /** The word that the API's fields have for it, and no caller's. */
    private static final Value FUNCTION = Value.Text.trusted("function");

    private Values() {}

    static Value text(String text) {
        return new Value.Text(MarkedText.untrusted(text));
    }

    static Value of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                node.forEachEntry((key, value) -> entries.put(key, of(value)));
                yield new Value.Mapping(entries);
            }
            case ARRAY -> {
                List<Value> items = new ArrayList<>();
                node.forEach(item -> items.add(of(item)));
                yield new Value.Sequence(List.copyOf(items));
            }
            case BOOLEAN -> new Value.Bool(node.booleanValue());
            case NUMBER ->
                node.isIntegralNumber() && node.canConvertToLong()
                        ? new Value.Whole(node.longValue())
                        : new Value.Real(node.doubleValue());
            case STRING -> text(node.stringValue());
            default -> Value.None.INSTANCE;
        };
    }

    static Value of(ChatMessage message) {
        Map<String, Value> entries = new LinkedHashMap<>();
        entries.put("role", text(message.role()));
        boolean silent = message.content().isEmpty() && !message.calls().isEmpty();
        entries.put("content", silent ? Value.None.INSTANCE : text(message.content()));
        if (!message.calls().isEmpty()) {
            entries.put(
                    "tool_calls",
                    new Value.Sequence(message.calls().stream().map(Values::of).toList()));
        }
        if (!message.callId().isEmpty()) {
            entries.put("tool_call_id", text(message.callId()));
        }
        if (!message.name().isEmpty()) {
            entries.put("name", text(message.name()));
        }
        return new Value.Mapping(entries);
    }

    private static Value of(ToolCall call) {
        Map<String, Value> function = new LinkedHashMap<>();
        function.put("name", text(call.name()));
        function.put("arguments", of(call.arguments()));
        Map<String, Value> entries = new LinkedHashMap<>();
        if (!call.id().isEmpty()) {
            entries.put("id", text(call.id()));
        }
        entries.put("type", FUNCTION);
        entries.put("function", new Value.Mapping(function));
        return new Value.Mapping(entries);
    }
}
