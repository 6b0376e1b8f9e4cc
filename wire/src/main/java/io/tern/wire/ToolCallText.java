package io.tern.wire;

import io.tern.base.TernException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds calls in an answer as it comes: what is within {@code <tool_call>} and names a tool is a call, all else is
 * content. What may become the beginning of a call is held back. One thread at a time.
 */
final class ToolCallText {
    private static final String OPEN = ToolPrompt.OPEN.strip();
    private static final String CLOSE = ToolPrompt.CLOSE.strip();

    private final ToolUse use;
    private final StringBuilder held = new StringBuilder();
    private int calls;
    private boolean behindCall;

    ToolCallText(ToolUse use) {
        this.use = use;
    }

    /** @param arguments a JSON object as text */
    record Call(String name, String arguments) {}

    /** Content, and the calls behind it, that are certain now. */
    record Part(String content, List<Call> calls) {}

    Part append(String text) {
        held.append(text);
        StringBuilder content = new StringBuilder();
        List<Call> found = new ArrayList<>();
        int end = held.indexOf(CLOSE);
        while (end >= 0) {
            int begin = held.indexOf(OPEN);
            Call call = begin >= 0 && begin < end ? call(held.substring(begin + OPEN.length(), end)) : null;
            if (call == null || (calls > 0 && !use.several())) {
                say(held.substring(0, end + CLOSE.length()), content);
            } else {
                say(held.substring(0, begin), content);
                found.add(call);
                calls++;
                behindCall = true;
            }
            held.delete(0, end + CLOSE.length());
            end = held.indexOf(CLOSE);
        }
        int certain = certain();
        say(held.substring(0, certain), content);
        held.delete(0, certain);
        return new Part(content.toString(), found);
    }

    /** White space behind a call only parts it from the next one. */
    private void say(String text, StringBuilder content) {
        String said = behindCall ? text.stripLeading() : text;
        behindCall &= said.isEmpty();
        content.append(said);
    }

    /** What was held back and became no call. */
    String finish() {
        StringBuilder rest = new StringBuilder();
        say(held.toString(), rest);
        held.setLength(0);
        return rest.toString();
    }

    /** Up to where a call has begun or may begin. */
    private int certain() {
        int begin = held.indexOf(OPEN);
        if (begin >= 0) {
            return begin;
        }
        for (int length = Math.min(OPEN.length() - 1, held.length()); length > 0; length--) {
            if (OPEN.startsWith(held.substring(held.length() - length))) {
                return held.length() - length;
            }
        }
        return held.length();
    }

    /** Null for what is no call of a tool that there is. */
    private @Nullable Call call(String json) {
        JsonNode node;
        try {
            node = StrictJson.read(json.strip().getBytes(StandardCharsets.UTF_8));
        } catch (TernException _) {
            return null;
        }
        boolean known = node.path("name").isString() && use.has(node.get("name").stringValue());
        return known && node.path("arguments") instanceof ObjectNode arguments
                ? new Call(node.get("name").stringValue(), StrictJson.text(arguments))
                : null;
    }
}
