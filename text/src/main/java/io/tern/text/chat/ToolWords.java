package io.tern.text.chat;

import io.tern.text.call.CallFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Tools for templates that know none: told in the system's words, with calls and results written out. */
final class ToolWords {
    private final CallFormat format;
    private final List<ChatMessage> messages = new ArrayList<>();

    private ToolWords(CallFormat format) {
        this.format = format;
    }

    /** The same conversation with neither tools nor calls but in words. */
    static Conversation told(Conversation conversation, CallFormat format) {
        ToolWords words = new ToolWords(format);
        conversation.messages().forEach(words::add);
        if (!conversation.tools().isEmpty()) {
            words.tell(conversation.tools());
        }
        return conversation.withoutTools(words.messages);
    }

    private void tell(List<JsonNode> tools) {
        String instructions = instructions(tools);
        boolean system = !messages.isEmpty() && messages.getFirst().role().equals("system");
        if (system) {
            messages.set(0, new ChatMessage("system", messages.getFirst().content() + "\n\n" + instructions));
        } else {
            messages.addFirst(new ChatMessage("system", instructions));
        }
    }

    private String instructions(List<JsonNode> tools) {
        String definitions =
                tools.stream().map(tool -> tool.path("function").toString()).collect(Collectors.joining("\n"));
        return "You can call these functions:\n<tools>\n" + definitions
                + "\n</tools>\nTo call one, write its name and arguments as JSON:\n" + call("\"...\"", "{...}");
    }

    private String call(String name, String arguments) {
        return "%s{\"name\": %s, \"%s\": %s}%s"
                .formatted(format.opening().text(), name, format.argumentsKey(), arguments, format.closing());
    }

    private void add(ChatMessage message) {
        if (message.role().equals("tool") && format == CallFormat.GEMMA) {
            addResult(message.content());
        } else if (message.calls().isEmpty()) {
            messages.add(message);
        } else {
            messages.add(new ChatMessage(message.role(), written(message)));
        }
    }

    private String written(ChatMessage message) {
        StringBuilder text = new StringBuilder(message.content());
        for (ToolCall call : message.calls()) {
            String name = StringNode.valueOf(call.name()).toString();
            text.append(text.isEmpty() ? "" : "\n")
                    .append(call(name, call.arguments().toString()));
        }
        return text.toString();
    }

    /** Gemma's turns are the user's and the model's, one after the other: results are of the user's, all in one. */
    private void addResult(String result) {
        String text = "```tool_output\n" + result + "\n```";
        boolean several = !messages.isEmpty() && messages.getLast().role().equals("user");
        if (several) {
            text = messages.removeLast().content() + "\n" + text;
        }
        messages.add(new ChatMessage("user", text));
    }
}
