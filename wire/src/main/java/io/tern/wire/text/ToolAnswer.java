package io.tern.wire.text;

import io.tern.text.call.Call;
import io.tern.text.call.CallFormat;
import io.tern.text.call.CallReader;
import io.tern.text.call.CallReader.Part;
import io.tern.wire.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One choice's content and calls as its text comes, in the shape of stream deltas. One thread at a time. */
final class ToolAnswer {
    private final ToolUse use;
    private final String idPrefix;
    private CallReader text;
    private final ForcedCall forced = new ForcedCall();
    private int calls;

    /** @param idPrefix of its calls' ids */
    ToolAnswer(ToolUse use, String idPrefix) {
        this.use = use;
        this.idPrefix = idPrefix;
        this.text = reader("");
    }

    private CallReader reader(String callFormat) {
        return new CallReader(CallFormat.ofWireName(callFormat), use::has, use.several());
    }

    /**
     * The delta of a text's beginning.
     *
     * @param callFormat how the model writes calls
     */
    ObjectNode begin(String callFormat) {
        text = reader(callFormat);
        ObjectNode delta = StrictJson.newObject().put("role", "assistant");
        if (use.only().isPresent()) {
            delta.putNull("content");
            putCall(delta.putArray("tool_calls"), new Call(use.only().get().name(), ""));
        } else {
            delta.put("content", use.isForced() ? null : "");
        }
        return delta;
    }

    /** The delta of more text; it may be empty. */
    ObjectNode more(String added) {
        ObjectNode delta = StrictJson.newObject();
        if (use.only().isPresent()) {
            putMore(delta, added);
        } else if (use.isForced()) {
            putForced(delta, forced.append(added));
        } else if (use.isOffered()) {
            put(delta, text.append(added));
        } else {
            delta.put("content", added);
        }
        return delta;
    }

    /** The delta of what was held back; null if that is nothing. */
    @Nullable
    ObjectNode end() {
        ObjectNode delta = StrictJson.newObject();
        put(delta, text.finish());
        return delta.path("content").asString("").isEmpty() && !delta.has("tool_calls") ? null : delta;
    }

    private void put(ObjectNode delta, Part part) {
        delta.put("content", part.said());
        if (!part.calls().isEmpty()) {
            ArrayNode array = delta.putArray("tool_calls");
            part.calls().forEach(call -> putCall(array, call));
        }
    }

    /** OpenAI's word for why the text ended. */
    String finishReason(String reason) {
        return reason.equals("stop") && calls > 0 ? "tool_calls" : reason;
    }

    /** Before its name is known there is no call, and what is known of one that is cut is told. */
    private void putForced(ObjectNode delta, String arguments) {
        String name = forced.name();
        if (name != null && calls == 0) {
            putCall(delta.putArray("tool_calls"), new Call(name, arguments));
        } else if (!arguments.isEmpty()) {
            putMore(delta, arguments);
        }
    }

    private static void putMore(ObjectNode delta, String arguments) {
        ObjectNode call = delta.putArray("tool_calls").addObject().put("index", 0);
        call.putObject("function").put("arguments", arguments);
    }

    private void putCall(ArrayNode array, Call call) {
        ObjectNode node = array.addObject()
                .put("index", calls)
                .put("id", idPrefix + calls)
                .put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        calls++;
    }
}
