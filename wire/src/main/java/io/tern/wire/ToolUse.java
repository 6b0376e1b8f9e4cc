package io.tern.wire;

import java.util.List;
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
     * @param parameters a JSON Schema of its arguments, an object
     */
    public record Tool(String name, ObjectNode definition, ObjectNode parameters) {}

    boolean isOffered() {
        return !tools.isEmpty();
    }

    boolean isForced() {
        return choice == Choice.FORCED;
    }

    /** The tool that must be called, where there is but one: then the answer is nothing but its arguments. */
    Optional<Tool> only() {
        return isForced() && tools.size() == 1 ? Optional.of(tools.getFirst()) : Optional.empty();
    }

    boolean has(String name) {
        return tools.stream().anyMatch(tool -> tool.name().equals(name));
    }
}
