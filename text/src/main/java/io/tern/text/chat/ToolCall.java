package io.tern.text.chat;

import tools.jackson.databind.JsonNode;

/**
 * What an assistant has called.
 *
 * @param id empty if it has none
 * @param arguments by the names of the tool's parameters
 */
public record ToolCall(String id, String name, JsonNode arguments) {}
