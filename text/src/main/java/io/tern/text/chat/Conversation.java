package io.tern.text.chat;

import java.time.LocalDateTime;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a template writes as one text.
 *
 * @param tools that the model may call, each as {@code {"type": "function", "function": {...}}}; empty for none
 * @param addGenerationPrompt whether the assistant's next turn is opened at the end
 * @param now for templates that tell the model the date
 */
public record Conversation(
        List<ChatMessage> messages, List<JsonNode> tools, boolean addGenerationPrompt, LocalDateTime now) {
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    public Conversation(List<ChatMessage> messages, boolean addGenerationPrompt) {
        this(messages, List.of(), addGenerationPrompt, LocalDateTime.now());
    }

    Conversation with(List<ChatMessage> others) {
        return new Conversation(others, tools, addGenerationPrompt, now);
    }
}
