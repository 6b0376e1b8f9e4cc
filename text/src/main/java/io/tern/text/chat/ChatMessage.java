package io.tern.text.chat;

import java.util.List;

/**
 * One turn of a conversation.
 *
 * @param calls of tools, by an assistant
 * @param callId of the call whose result this is; empty for other messages
 * @param name of who speaks or of the tool; empty where none is said
 */
public record ChatMessage(String role, String content, List<ToolCall> calls, String callId, String name) {
    public ChatMessage {
        calls = List.copyOf(calls);
    }

    public ChatMessage(String role, String content) {
        this(role, content, List.of(), "", "");
    }
}
