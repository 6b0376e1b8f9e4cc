package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.decoding.v1.DetokenizeRequest;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.Message;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.text.MarkedText;
import io.tern.text.chat.ChatMessage;
import io.tern.text.chat.ChatTemplate;
import io.tern.text.chat.Conversation;
import io.tern.text.chat.ToolCall;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Turns what a caller sent into tokens; refuses it before work is spent on it. */
record PromptReader(TextModel model) {
    /** No tokenizer makes fewer tokens of real text; so what is longer cannot fit, and need not be tokenised to know. */
    private static final int CHARACTERS_PER_TOKEN = 32;

    /** One for each byte of its UTF-8. */
    private static final int MOST_TOKENS_PER_CHARACTER = 3;

    private static final int MOST_MESSAGES = 4096;
    private static final int MOST_TOOLS = 128;
    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

    /** @param opening what the assistant's turn begins with, before what the caller may have it begin with */
    List<Integer> read(GenerateRequest request, MarkedText opening) {
        int given = (request.getPrompt().isEmpty() ? 0 : 1)
                + (request.getMessagesCount() > 0 ? 1 : 0)
                + (request.getTokenIdsCount() > 0 ? 1 : 0);
        if (given != 1) {
            throw TernException.invalid("prompt", given + " inputs", "exactly one of prompt, messages and token_ids");
        }
        if (request.getToolsCount() > 0 && request.getMessagesCount() == 0) {
            throw TernException.invalid("tools", "without messages", "only together with messages");
        }
        if (!request.getAnswerPrefix().isEmpty() && request.getMessagesCount() == 0) {
            throw TernException.invalid("answer_prefix", "without messages", "only together with messages");
        }
        TemplateFields template = TemplateFields.of(request);
        Truncation truncation = Truncation.of(request, model.model().info());
        if (request.getTokenIdsCount() > 0) {
            return fitting("token_ids", truncation.cut(request.getTokenIdsList(), 0), room(request));
        }
        if (request.getMessagesCount() == 0) {
            int frame = model.tokenizer().beginning().length;
            return fitting("prompt", truncation.cut(boxed(plain("prompt", request.getPrompt())), frame), room(request));
        }
        MarkedText begun = opening.plus(MarkedText.untrusted(request.getAnswerPrefix()));
        int[] ids = chat(request.getMessagesList(), request.getToolsList(), template, begun);
        return fitting("messages", truncation.cut(boxed(ids), 0), room(request));
    }

    /** Tokens of a prompt that leave the text its first token, where it has one. */
    private int room(GenerateRequest request) {
        return model.model().info().contextLength() - Truncation.leastAnswer(request);
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }

    int[] read(TokenizeRequest request) {
        if (request.getMessagesCount() > 0 && !request.getText().isEmpty()) {
            throw TernException.invalid("text", "beside messages", "exactly one of text and messages");
        }
        if (request.getMessagesCount() > 0) {
            return chat(request.getMessagesList(), List.of(), TemplateFields.of(request), MarkedText.untrusted(""));
        }
        return request.getWithoutBeginning() ? words("text", request.getText()) : plain("text", request.getText());
    }

    /** What the longest text that is read can become is read back too. */
    int[] read(DetokenizeRequest request) {
        long most = MOST_TOKENS_PER_CHARACTER * mostCharacters();
        if (request.getTokenIdsCount() > most) {
            throw TernException.invalid("token_ids", request.getTokenIdsCount() + " tokens", "at most " + most);
        }
        request.getTokenIdsList().forEach(token -> model.model().info().requireToken("token_ids", token));
        return request.getTokenIdsList().stream().mapToInt(Integer::intValue).toArray();
    }

    private int[] plain(String field, String text) {
        int[] beginning = model.tokenizer().beginning();
        return IntStream.concat(IntStream.of(beginning), IntStream.of(words(field, text)))
                .toArray();
    }

    private int[] words(String field, String text) {
        checkLength(field, text.length());
        return model.tokenizer().encode(text);
    }

    private int[] chat(List<Message> messages, List<String> tools, TemplateFields fields, MarkedText opening) {
        ChatTemplate template = model.template();
        if (template == null) {
            throw TernException.invalid("messages", "sent to a model that does not chat", "prompt or token_ids");
        }
        if (messages.size() > MOST_MESSAGES) {
            throw TernException.invalid("messages", messages.size() + " messages", "at most " + MOST_MESSAGES);
        }
        if (tools.size() > MOST_TOOLS) {
            throw TernException.invalid("tools", tools.size() + " tools", "at most " + MOST_TOOLS);
        }
        fields.checkAgainst(template);
        long length = opening.length() + fields.length();
        for (Message message : messages) {
            if (!ROLES.contains(message.getRole())) {
                throw TernException.invalid("messages.role", message.getRole(), "system, user, assistant or tool");
            }
            length += message.getContent().length() + message.getName().length();
            for (io.tern.decoding.v1.ToolCall call : message.getToolCallsList()) {
                length += call.getName().length() + call.getArguments().length();
            }
        }
        for (String tool : tools) {
            length += tool.length();
        }
        checkLength("messages", length);
        Conversation conversation = fields.conversation(
                messages.stream().map(PromptReader::message).toList(),
                tools.stream().map(PromptReader::tool).toList());
        return model.tokenizer().encode(fields.render(template, conversation).plus(opening));
    }

    private static ChatMessage message(Message message) {
        List<ToolCall> calls = message.getToolCallsList().stream()
                .map(call -> new ToolCall(
                        call.getId(),
                        call.getName(),
                        JsonTexts.object("messages.tool_calls.arguments", call.getArguments())))
                .toList();
        return new ChatMessage(
                message.getRole(), message.getContent(), calls, message.getToolCallId(), message.getName());
    }

    /** As templates know one. */
    private static JsonNode tool(String function) {
        ObjectNode tool = JsonMapper.shared().createObjectNode().put("type", "function");
        tool.set("function", JsonTexts.object("tools", function));
        return tool;
    }

    private void checkLength(String field, long characters) {
        if (characters > mostCharacters()) {
            throw TernException.invalid(field, characters + " characters", "at most " + mostCharacters());
        }
    }

    private long mostCharacters() {
        return (long) CHARACTERS_PER_TOKEN * model.model().info().contextLength();
    }

    private static List<Integer> fitting(String field, List<Integer> tokens, int most) {
        if (tokens.isEmpty() || tokens.size() > most) {
            throw TernException.invalid(field, tokens.size() + " tokens", "1.." + most + " tokens");
        }
        return tokens;
    }
}
