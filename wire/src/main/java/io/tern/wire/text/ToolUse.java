package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The functions that a chat may call, and whether it must.
 *
 * @param tools OpenAI's objects, as they were sent
 * @param several whether one answer may have more than one call
 */
public record ToolUse(List<Tool> tools, Choice choice, boolean several) {
    static final ToolUse NONE = new ToolUse(List.of(), Choice.FREE, false);

    public ToolUse {
        tools = List.copyOf(tools);
    }

    public enum Choice {
        /** The model decides; without tools nothing is looked for. */
        FREE,
        /** The answer is one call, of one of the tools. */
        FORCED
    }

    /**
     * @param definition the function's object: name, description, parameters
     * @param path of that object in the request
     */
    public record Tool(String name, ObjectNode definition, String path) {
        static Tool of(String definition) {
            ObjectNode function = StrictJson.object(definition.getBytes(StandardCharsets.UTF_8));
            return new Tool(function.path("name").asString(""), function, "tools");
        }
    }

    /**
     * What a request asks for.
     *
     * @throws TernException INVALID_ARGUMENT for a tool that is no JSON object
     */
    static ToolUse of(GenerateRequest request, boolean several) {
        return new ToolUse(
                request.getToolsList().stream().map(Tool::of).toList(),
                request.getCallRequired() ? Choice.FORCED : Choice.FREE,
                several);
    }

    /**
     * @param sent is told which of the tools that were sent the request's are
     * @throws TernException INVALID_ARGUMENT for a forced call beside another form of the text
     */
    void putInto(GenerateRequest.Builder request, Map<String, String> sent) {
        TernException.require(
                !isForced() || request.getConstraintCase() == GenerateRequest.ConstraintCase.CONSTRAINT_NOT_SET,
                "tool_choice",
                "a forced call beside another form of the text",
                "one of them");
        for (Tool tool : tools) {
            sent.put("tools[" + request.getToolsCount() + "]", tool.path());
            request.addTools(StrictJson.text(tool.definition()));
        }
        request.setCallRequired(isForced());
    }

    public boolean isOffered() {
        return !tools.isEmpty();
    }

    boolean isForced() {
        return choice == Choice.FORCED;
    }

    /** The tool that must be called, where there is but one: then the answer is nothing but its arguments. */
    Optional<Tool> only() {
        return isForced() && tools.size() == 1 ? Optional.of(tools.getFirst()) : Optional.empty();
    }

    public boolean has(String name) {
        return tools.stream().anyMatch(tool -> tool.name().equals(name));
    }
}
