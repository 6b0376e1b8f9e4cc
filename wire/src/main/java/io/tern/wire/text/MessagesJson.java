package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.Message;
import io.tern.decoding.v1.ToolCall;
import io.tern.wire.Fields;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The messages of a conversation. Content may be a string or a list of text parts, which are put together. */
final class MessagesJson {
    private MessagesJson() {}

    static List<Message> read(Fields fields) {
        var _ = fields.node("messages").orElseThrow(() -> fields.invalid("messages", "array of messages"));
        List<Message> messages = new ArrayList<>();
        for (Fields message : fields.objects("messages", "array of messages")) {
            messages.add(message(message));
        }
        if (messages.isEmpty()) {
            throw TernException.invalid("messages", "[]", "at least one message");
        }
        return messages;
    }

    private static Message message(Fields fields) {
        String role = fields.text("role").orElseThrow(() -> fields.invalid("role", "a role"));
        Message.Builder message = Message.newBuilder()
                // OpenAI's newer name of the same role.
                .setRole(role.equals("developer") ? "system" : role)
                .setContent(role.equals("assistant") ? said(fields) : content(fields));
        // An assistant's message comes back as it was sent, with these empty.
        fields.refuse("function_call", "audio", "refusal", "annotations");
        if (role.equals("assistant")) {
            calls(fields).forEach(message::addToolCalls);
        }
        if (role.equals("tool")) {
            fields.text("tool_call_id").ifPresent(message::setToolCallId);
        }
        fields.text("name").ifPresent(message::setName);
        fields.refuseUnknown();
        return message.build();
    }

    private static String content(Fields fields) {
        JsonNode content =
                fields.node("content").orElseThrow(() -> fields.invalid("content", "string or array of text parts"));
        if (!content.isArray()) {
            return fields.text("content").orElseThrow();
        }
        StringBuilder text = new StringBuilder();
        for (Fields part : fields.objects("content", "string or array of text parts")) {
            part.onlyNeutral("type", "text");
            text.append(part.text("text").orElseThrow(() -> part.invalid("text", "string")));
            part.refuseUnknown();
        }
        return text.toString();
    }

    /** An assistant's words, which may be none beside calls. */
    private static String said(Fields fields) {
        boolean calls = !fields.objects("tool_calls", "array of calls").isEmpty();
        return calls && fields.node("content").isEmpty() ? "" : content(fields);
    }

    private static List<ToolCall> calls(Fields fields) {
        List<ToolCall> calls = new ArrayList<>();
        for (Fields call : fields.objects("tool_calls", "array of calls")) {
            call.onlyNeutral("type", "function");
            Fields function = call.object("function").orElseThrow(() -> call.invalid("function", "object"));
            calls.add(ToolCall.newBuilder()
                    .setId(call.text("id").orElse(""))
                    .setName(function.text("name").orElseThrow(() -> function.invalid("name", "string")))
                    .setArguments(arguments(function))
                    .build());
            function.refuseUnknown();
            call.accept("index");
            call.refuseUnknown();
        }
        return calls;
    }

    /** A call without arguments comes from some clients without any text. */
    private static String arguments(Fields function) {
        String arguments = function.text("arguments").orElseThrow(() -> function.invalid("arguments", "string"));
        return arguments.isBlank() ? "{}" : arguments;
    }
}
