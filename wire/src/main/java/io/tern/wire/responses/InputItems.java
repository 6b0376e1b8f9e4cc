package io.tern.wire.responses;

import io.tern.base.TernException;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code instructions} and {@code input} as a chat's messages. What an answer had in items of its own, words and calls, is one
 * message of the assistant there.
 */
final class InputItems {
    private static final String ITEMS = "string or array of items";
    private static final String PARTS = "string or array of text parts";

    private final ArrayNode messages = StrictJson.newArray();

    private InputItems() {}

    /** @throws TernException INVALID_ARGUMENT for what is no item of text */
    static ArrayNode messages(Fields fields) {
        InputItems items = new InputItems();
        fields.text("instructions").ifPresent(instructions -> items.say("system", instructions));
        JsonNode input = fields.node("input").orElseThrow(() -> fields.invalid("input", ITEMS));
        if (input.isString()) {
            items.say("user", input.stringValue());
            return items.messages;
        }
        List<Fields> read = fields.objects("input", ITEMS);
        TernException.require(!read.isEmpty(), "input", "[]", "at least one item");
        read.forEach(items::add);
        return items.messages;
    }

    private void add(Fields item) {
        item.accept("id", "status"); // an answer's items come back as they were
        switch (item.text("type").orElse("message")) {
            case "message" -> addMessage(item);
            case "function_call" -> addCall(item);
            case "function_call_output" -> addOutput(item);
            default -> throw item.invalid("type", "message, function_call or function_call_output");
        }
        item.refuseUnknown();
    }

    private void addMessage(Fields item) {
        item.accept("phase"); // commentary or final answer: both were said
        String role = item.text("role").orElseThrow(() -> item.invalid("role", "a role"));
        say(role, text(item, "content"));
    }

    private void addCall(Fields item) {
        ObjectNode call = StrictJson.newObject().put("type", "function");
        item.text("call_id").ifPresent(id -> call.put("id", id));
        call.putObject("function")
                .put("name", item.text("name").orElseThrow(() -> item.invalid("name", "a function's name")))
                .put("arguments", item.text("arguments").orElseThrow(() -> item.invalid("arguments", "string")));
        callsOfTheLast().add(call);
    }

    private void addOutput(Fields item) {
        String id = item.text("call_id").orElseThrow(() -> item.invalid("call_id", "the id of a call"));
        say("tool", text(item, "output")).put("tool_call_id", id);
    }

    /** Those of the assistant's message at the end, which is begun if there is none. */
    private ArrayNode callsOfTheLast() {
        boolean goesOn = !messages.isEmpty()
                && messages.get(messages.size() - 1).path("role").asString().equals("assistant");
        ObjectNode message = goesOn
                ? (ObjectNode) messages.get(messages.size() - 1)
                : messages.addObject().put("role", "assistant");
        return message.withArray("tool_calls");
    }

    private ObjectNode say(String role, String text) {
        return messages.addObject().put("role", role).put("content", text);
    }

    private static String text(Fields item, String name) {
        JsonNode content = item.node(name).orElseThrow(() -> item.invalid(name, PARTS));
        if (!content.isArray()) {
            return item.text(name).orElseThrow();
        }
        StringBuilder text = new StringBuilder();
        for (Fields part : item.objects(name, PARTS)) {
            part.onlyNeutral("type", "input_text", "output_text", "text");
            text.append(part.text("text").orElseThrow(() -> part.invalid("text", "string")));
            part.accept("annotations", "logprobs");
            part.refuseUnknown();
        }
        return text.toString();
    }
}
