package io.tern.wire;

import io.tern.base.TernException;
import io.tern.decoding.v1.Message;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The messages of a conversation. Content may be a string or a list of text parts, which are put together. */
final class MessagesJson {
    private MessagesJson() {}

    static List<Message> read(Fields fields) {
        List<Message> messages = new ArrayList<>();
        for (Fields message : objects(fields, "messages", "array of messages")) {
            messages.add(message(message));
        }
        if (messages.isEmpty()) {
            throw TernException.invalid("messages", "[]", "at least one message");
        }
        return messages;
    }

    private static Message message(Fields fields) {
        String role = fields.text("role").orElseThrow(() -> fields.invalid("role", "a role"));
        Message.Builder message = Message.newBuilder()
                // OpenAI's newer name of the same role.
                .setRole(role.equals("developer") ? "system" : role)
                .setContent(content(fields));
        // An assistant's message comes back as it was sent, with these empty.
        fields.refuse("name", "tool_calls", "function_call", "audio", "refusal", "annotations");
        if (role.equals("tool")) {
            fields.accept("tool_call_id");
        }
        fields.refuseUnknown();
        return message.build();
    }

    private static String content(Fields fields) {
        JsonNode content =
                fields.node("content").orElseThrow(() -> fields.invalid("content", "string or array of text parts"));
        if (!content.isArray()) {
            return fields.text("content").orElseThrow();
        }
        StringBuilder text = new StringBuilder();
        for (Fields part : objects(fields, "content", "string or array of text parts")) {
            part.onlyNeutral("type", "text");
            text.append(part.text("text").orElseThrow(() -> part.invalid("text", "string")));
            part.refuseUnknown();
        }
        return text.toString();
    }

    private static List<Fields> objects(Fields fields, String name, String expected) {
        JsonNode node = fields.node(name).orElseThrow(() -> fields.invalid(name, expected));
        if (!node.isArray()) {
            throw fields.invalid(name, expected);
        }
        List<Fields> items = new ArrayList<>();
        for (JsonNode item : node.values()) {
            if (!(item instanceof ObjectNode object)) {
                throw fields.invalid(name, expected);
            }
            items.add(Fields.of(fields.path(name) + "[" + items.size() + "].", object));
        }
        return items;
    }
}
