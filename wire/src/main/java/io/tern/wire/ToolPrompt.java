package io.tern.wire;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.wire.ToolUse.Tool;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives a model its tools, and makes it call one where it must. Calls are written as the Hermes and Qwen models were
 * taught, within {@code <tool_call>}, which other models follow when told so.
 */
final class ToolPrompt {
    static final String OPEN = "<tool_call>\n";
    static final String CLOSE = "\n</tool_call>";

    private ToolPrompt() {}

    static void apply(ToolUse use, GenerateRequest.Builder request) {
        if (!use.isOffered()) {
            return;
        }
        use.tools().forEach(tool -> request.addTools(StrictJson.text(tool.definition())));
        if (use.isForced()) {
            force(use, request);
        }
    }

    private static void force(ToolUse use, GenerateRequest.Builder request) {
        TernException.require(
                request.getConstraintCase() == GenerateRequest.ConstraintCase.CONSTRAINT_NOT_SET,
                "tool_choice",
                "a forced call beside another form of the text",
                "one of them");
        use.only().ifPresentOrElse(tool -> forceOnly(tool, request), () -> forceAny(use, request));
    }

    /** Everything before the arguments is written for the model. */
    private static void forceOnly(Tool tool, GenerateRequest.Builder request) {
        request.setAnswerPrefix(OPEN + "{\"name\": \"" + tool.name() + "\", \"arguments\": ");
        request.setJsonSchema(StrictJson.text(tool.parameters()));
    }

    private static void forceAny(ToolUse use, GenerateRequest.Builder request) {
        ObjectNode schema = StrictJson.newObject();
        ArrayNode options = schema.putArray("anyOf");
        for (Tool tool : use.tools()) {
            String parameters = StrictJson.text(tool.parameters());
            // A pointer is one from the root, which the tool's schema no longer is.
            TernException.require(
                    !parameters.contains("\"$ref\""),
                    "tools.function.parameters.$ref",
                    tool.name(),
                    "no references where one of several tools is required");
            ObjectNode call = options.addObject().put("type", "object");
            ObjectNode properties = call.putObject("properties");
            properties.putObject("name").put("const", tool.name());
            properties.set("arguments", tool.parameters());
            call.putArray("required").add("name").add("arguments");
            call.put("additionalProperties", false);
        }
        request.setAnswerPrefix(OPEN);
        request.setJsonSchema(StrictJson.text(schema));
    }
}
