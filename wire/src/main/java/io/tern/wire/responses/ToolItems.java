package io.tern.wire.responses;

import io.tern.base.FieldNames;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code tools} and {@code tool_choice} as a chat's, where what a function is lies in an object of its own. */
final class ToolItems {
    private static final String CHOICE =
            "none, auto, required, {\"type\": \"function\", \"name\": ...} or {\"type\": \"allowed_tools\", ...}";

    /** What a chat's fields of tools are called here. */
    static final FieldNames NAMES = path -> path.replaceFirst(
                    "^(tools\\[\\d+]|tool_choice(\\.allowed_tools\\.tools\\[\\d+])?)\\.function", "$1")
            .replaceFirst("^tool_choice\\.allowed_tools", "tool_choice");

    private ToolItems() {}

    static void read(Fields fields, ObjectNode chat) {
        ArrayNode tools = StrictJson.newArray();
        for (Fields tool : fields.objects("tools", "array of tools")) {
            tools.add(tool(tool));
        }
        if (!tools.isEmpty()) {
            chat.set("tools", tools);
        }
        fields.flag("parallel_tool_calls").ifPresent(several -> chat.put("parallel_tool_calls", several));
        fields.node("tool_choice").ifPresent(choice -> chat.set("tool_choice", choice(fields, choice)));
    }

    private static ObjectNode tool(Fields tool) {
        tool.onlyNeutral("type", "function");
        ObjectNode function = StrictJson.newObject()
                .put("name", tool.text("name").orElseThrow(() -> tool.invalid("name", "a function's name")));
        tool.text("description").ifPresent(text -> function.put("description", text));
        tool.node("parameters").ifPresent(parameters -> function.set("parameters", parameters));
        tool.flag("strict").ifPresent(strict -> function.put("strict", strict));
        tool.refuseUnknown();
        return wrapped(function);
    }

    private static JsonNode choice(Fields fields, JsonNode choice) {
        if (choice.isString()) {
            return choice;
        }
        if (!choice.isObject()) {
            throw fields.invalid("tool_choice", CHOICE);
        }
        Fields named = fields.object("tool_choice").orElseThrow();
        if (!named.text("type").orElse("").equals("allowed_tools")) {
            return named(named);
        }
        ObjectNode allowed = StrictJson.newObject();
        named.text("mode").ifPresent(mode -> allowed.put("mode", mode));
        ArrayNode tools = allowed.putArray("tools");
        named.objects("tools", "array of tools").forEach(tool -> tools.add(named(tool)));
        named.refuseUnknown();
        ObjectNode node = StrictJson.newObject().put("type", "allowed_tools");
        node.set("allowed_tools", allowed);
        return node;
    }

    private static ObjectNode named(Fields tool) {
        tool.onlyNeutral("type", "function");
        String name = tool.text("name").orElseThrow(() -> tool.invalid("name", "the name of one of the tools"));
        tool.refuseUnknown();
        return wrapped(StrictJson.newObject().put("name", name));
    }

    private static ObjectNode wrapped(ObjectNode function) {
        ObjectNode tool = StrictJson.newObject().put("type", "function");
        tool.set("function", function);
        return tool;
    }
}
