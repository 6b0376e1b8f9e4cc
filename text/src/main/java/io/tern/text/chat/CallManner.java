package io.tern.text.chat;

import io.tern.text.call.CallFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * How the model of a template is told of tools and writes calls.
 *
 * @param inTemplate whether the template itself tells it
 */
record CallManner(CallFormat format, boolean inTemplate) {
    /** What tells the formats in a template that knows tools, by what it writes itself; the first that is there counts. */
    private static final SequencedMap<String, CallFormat> WRITTEN = new LinkedHashMap<>();

    private static final String GEMMA_TURN = "<start_of_turn>";
    /** What Mistral's templates want of a call's id. */
    private static final String MISTRAL_ID = "[a-zA-Z0-9]{9}";

    static {
        WRITTEN.put("[ARGS]", CallFormat.MISTRAL_NAMED);
        WRITTEN.put("[TOOL_CALLS]", CallFormat.MISTRAL);
        WRITTEN.put("<tool_call>", CallFormat.HERMES);
        WRITTEN.put("\"parameters\": ", CallFormat.LLAMA);
    }

    static CallManner of(List<Token> template) {
        if (template.stream().anyMatch(token -> token.isName("tools"))) {
            for (Map.Entry<String, CallFormat> written : WRITTEN.entrySet()) {
                if (writes(template, written.getKey())) {
                    return new CallManner(written.getValue(), true);
                }
            }
        }
        return new CallManner(writes(template, GEMMA_TURN) ? CallFormat.GEMMA : CallFormat.HERMES, false);
    }

    private static boolean writes(List<Token> template, String text) {
        return template.stream()
                .anyMatch(token -> !token.is(Token.Kind.NAME) && token.text().contains(text));
    }

    /** The conversation as the template takes it. */
    Conversation told(Conversation conversation) {
        if (!inTemplate) {
            return ToolWords.told(conversation, format);
        }
        return switch (format) {
            case LLAMA -> oneCallAMessage(conversation);
            case MISTRAL, MISTRAL_NAMED -> shortIds(conversation);
            case HERMES, GEMMA -> conversation;
        };
    }

    /** Templates of Llama refuse several calls in one message. */
    private static Conversation oneCallAMessage(Conversation conversation) {
        List<ChatMessage> messages = new ArrayList<>();
        for (ChatMessage message : conversation.messages()) {
            if (message.calls().size() < 2) {
                messages.add(message);
                continue;
            }
            for (int i = 0; i < message.calls().size(); i++) {
                ToolCall call = message.calls().get(i);
                messages.add(new ChatMessage(
                        message.role(), i == 0 ? message.content() : "", List.of(call), "", message.name()));
            }
        }
        return conversation.with(messages);
    }

    /** Templates of Mistral refuse ids of another length; each such id gets one of a conversation's own. */
    private static Conversation shortIds(Conversation conversation) {
        Map<String, String> ids = new HashMap<>();
        return conversation.with(conversation.messages().stream()
                .map(message -> new ChatMessage(
                        message.role(),
                        message.content(),
                        message.calls().stream()
                                .map(call -> new ToolCall(shortId(call.id(), ids), call.name(), call.arguments()))
                                .toList(),
                        shortId(message.callId(), ids),
                        message.name()))
                .toList());
    }

    private static String shortId(String id, Map<String, String> ids) {
        return id.isEmpty() || id.matches(MISTRAL_ID)
                ? id
                : ids.computeIfAbsent(id, _ -> "call%05d".formatted(ids.size()));
    }
}
