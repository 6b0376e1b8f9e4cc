package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import io.tern.wire.text.ToolUse.Choice;
import io.tern.wire.text.ToolUse.Tool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}. */
final class ToolFields {
    private static final int MOST_TOOLS = 128;
    private static final String NAME = "[a-zA-Z0-9_-]{1,64}";
    private static final String CHOICE =
            "none, auto, required, {\"type\": \"function\", \"function\": {\"name\": ...}} or {\"type\": \"allowed_tools\", ...}";

    private ToolFields() {}

    static ToolUse read(Fields fields) {
        List<Tool> tools = tools(fields);
        boolean several = fields.flag("parallel_tool_calls").orElse(true);
        JsonNode choice = fields.node("tool_choice").orElse(null);
        if (choice == null || (choice.isString() && choice.stringValue().equals("auto"))) {
            return new ToolUse(tools, Choice.FREE, several);
        }
        if (choice.isString() && choice.stringValue().equals("none")) {
            return ToolUse.NONE;
        }
        if (tools.isEmpty()) {
            throw fields.invalid("tool_choice", "none or auto where there are no tools");
        }
        if (choice.isString() && choice.stringValue().equals("required")) {
            return new ToolUse(tools, Choice.FORCED, false);
        }
        if (!choice.isObject()) {
            throw fields.invalid("tool_choice", CHOICE);
        }
        Fields named = fields.object("tool_choice").orElseThrow();
        if (named.text("type").orElse("").equals("allowed_tools")) {
            return allowed(named, tools, several);
        }
        return new ToolUse(List.of(named(named, tools)), Choice.FORCED, false);
    }

    /** Some of the tools: the model is told of these alone. */
    private static ToolUse allowed(Fields choice, List<Tool> tools, boolean several) {
        Fields allowed = choice.object("allowed_tools").orElseThrow(() -> choice.invalid("allowed_tools", "object"));
        String mode = allowed.text("mode").orElse("auto");
        if (!mode.equals("auto") && !mode.equals("required")) {
            throw allowed.invalid("mode", "auto or required");
        }
        List<Tool> some = allowed.objects("tools", "array of tools").stream()
                .map(tool -> named(tool, tools))
                .distinct()
                .toList();
        if (some.isEmpty()) {
            throw allowed.invalid("tools", "at least one of the tools");
        }
        allowed.refuseUnknown();
        choice.refuseUnknown();
        return mode.equals("auto") ? new ToolUse(some, Choice.FREE, several) : new ToolUse(some, Choice.FORCED, false);
    }

    private static Tool named(Fields choice, List<Tool> tools) {
        choice.onlyNeutral("type", "function");
        Fields function = choice.object("function").orElseThrow(() -> choice.invalid("function", "object"));
        String name = function.text("name").orElseThrow(() -> function.invalid("name", "a tool's name"));
        function.refuseUnknown();
        choice.refuseUnknown();
        return tools.stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> function.invalid("name", "the name of one of the tools"));
    }

    private static List<Tool> tools(Fields fields) {
        List<Tool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields tool : fields.objects("tools", "array of tools")) {
            tool.onlyNeutral("type", "function");
            Fields function = tool.object("function").orElseThrow(() -> tool.invalid("function", "object"));
            Tool read = tool(function, tool.path("function"));
            tool.refuseUnknown();
            TernException.require(names.add(read.name()), tool.path("function.name"), read.name(), "a name of its own");
            tools.add(read);
        }
        TernException.require(tools.size() <= MOST_TOOLS, "tools", tools.size() + " tools", "at most " + MOST_TOOLS);
        return tools;
    }

    private static Tool tool(Fields function, String path) {
        String name = function.text("name").orElseThrow(() -> function.invalid("name", NAME));
        if (!name.matches(NAME)) {
            throw function.invalid("name", NAME);
        }
        function.text("description");
        function.flag("strict"); // arguments are kept to the schema wherever a call is forced
        JsonNode parameters = function.node("parameters").orElse(noParameters());
        if (!(parameters instanceof ObjectNode schema)) {
            throw function.invalid("parameters", "a JSON Schema of an object");
        }
        function.refuseUnknown();
        ObjectNode definition = StrictJson.newObject().put("name", name);
        function.text("description").ifPresent(text -> definition.put("description", text));
        definition.set("parameters", schema);
        return new Tool(name, definition, path);
    }

    private static ObjectNode noParameters() {
        ObjectNode schema = StrictJson.newObject().put("type", "object");
        schema.putObject("properties");
        return schema;
    }
}
