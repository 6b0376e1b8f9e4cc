package io.tern.text.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Tools for templates that know none: told in the system's words, and calls written within {@code <tool_call>}, as Hermes
 * and Qwen models were taught and others follow when told so.
 */
final class ToolWords {
    /** What begins a call, also for templates that know tools. */
    static final String OPEN = "<tool_call>";

    private static final String CLOSE = "</tool_call>";

    private ToolWords() {}

    /** The same conversation with neither tools nor calls but in words. */
    static Conversation told(Conversation conversation) {
        List<ChatMessage> messages = new ArrayList<>();
        conversation.messages().forEach(message -> messages.add(told(message)));
        if (!conversation.tools().isEmpty()) {
            tell(instructions(conversation.tools()), messages);
        }
        return new Conversation(messages, List.of(), conversation.addGenerationPrompt(), conversation.now());
    }

    private static void tell(String instructions, List<ChatMessage> messages) {
        boolean system = !messages.isEmpty() && messages.getFirst().role().equals("system");
        if (system) {
            messages.set(0, new ChatMessage("system", messages.getFirst().content() + "\n\n" + instructions));
        } else {
            messages.addFirst(new ChatMessage("system", instructions));
        }
    }

    private static String instructions(List<JsonNode> tools) {
        String definitions =
                tools.stream().map(tool -> tool.path("function").toString()).collect(Collectors.joining("\n"));
        return "You can call these functions:\n<tools>\n" + definitions
                + "\n</tools>\nTo call one, write its name and arguments as JSON:\n" + OPEN
                + "\n{\"name\": \"...\", \"arguments\": {...}}\n" + CLOSE;
    }

    private static ChatMessage told(ChatMessage message) {
        if (message.calls().isEmpty()) {
            return message;
        }
        StringBuilder text = new StringBuilder(message.content());
        for (ToolCall call : message.calls()) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(OPEN)
                    .append("\n{\"name\": ")
                    .append(StringNode.valueOf(call.name()))
                    .append(", \"arguments\": ")
                    .append(call.arguments())
                    .append("}\n")
                    .append(CLOSE);
        }
        return new ChatMessage(message.role(), text.toString());
    }
}
