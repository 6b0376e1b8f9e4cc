package io.tern.text.chat;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a template writes as one text.
 *
 * @param tools that the model may call, each as {@code {"type": "function", "function": {...}}}; empty for none
 * @param documents to answer from, for templates that tell of them
 * @param variables of a caller, for the template
 * @param addGenerationPrompt whether the assistant's next turn is opened at the end
 * @param now for templates that tell the model the date
 */
public record Conversation(
        List<ChatMessage> messages,
        List<JsonNode> tools,
        List<JsonNode> documents,
        Map<String, JsonNode> variables,
        boolean addGenerationPrompt,
        LocalDateTime now) {
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        documents = List.copyOf(documents);
        variables = Map.copyOf(variables);
    }

    /** Without documents and variables. */
    public Conversation(
            List<ChatMessage> messages, List<JsonNode> tools, boolean addGenerationPrompt, LocalDateTime now) {
        this(messages, tools, List.of(), Map.of(), addGenerationPrompt, now);
    }

    public Conversation(List<ChatMessage> messages, boolean addGenerationPrompt) {
        this(messages, List.of(), addGenerationPrompt, LocalDateTime.now());
    }

    Conversation withoutTools(List<ChatMessage> others) {
        return new Conversation(others, List.of(), documents, variables, addGenerationPrompt, now);
    }

    Conversation with(List<ChatMessage> others) {
        return new Conversation(others, tools, documents, variables, addGenerationPrompt, now);
    }
}
