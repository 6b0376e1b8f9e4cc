package io.tern.text.chat;

import io.tern.base.TernException;
import io.tern.text.MarkedText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's own way to write a conversation as one text: the Jinja template that comes with it.
 *
 * <p>No message can speak as another one. A template writes the borders of turns as control tokens, {@code
 * <|im_end|>}, and most escape nothing, so that a user who writes that word could open a turn of the system. Here every
 * string knows where it came from: what the template wrote is trusted; what came with the messages is not and stays so
 * through trimming, joining, slicing and the rest ({@link MarkedText}). The tokenizer then looks for control tokens only
 * within trusted parts ({@link io.tern.text.Tokenizer#encode(MarkedText)}). Pieces for merging reach over the borders
 * of parts, so that a conversation without such words has exactly the ids of its whole text.
 *
 * <p>Immutable; safe for many threads.
 */
public final class ChatTemplate {
    /** Characters beyond those of the messages that a rendering may have, for each message and once more. */
    private static final int FRAME_CHARACTERS = 16_384;
    /** A message may be read this often into the output, or be held in a text on the way. */
    private static final int COPIES = 4;

    private final List<Statement> statements;
    private final Map<String, String> controlTokens;

    private ChatTemplate(List<Statement> statements, Map<String, String> controlTokens) {
        this.statements = statements;
        this.controlTokens = Map.copyOf(controlTokens);
    }

    /**
     * @param controlTokens variables that the template may print and that are trusted: {@code bos_token}
     * @throws TemplateException if the template is wrong or uses a part of Jinja that is not supported
     */
    public static ChatTemplate parse(String source, Map<String, String> controlTokens) {
        return new ChatTemplate(Parser.parse(source), controlTokens);
    }

    /**
     * The conversation as the model was trained to read it.
     *
     * @param addGenerationPrompt whether the assistant's next turn is opened at the end
     * @throws TernException INVALID_ARGUMENT if the template refuses the messages
     * @throws TemplateException if the template fails, or runs longer or writes more than makes sense
     */
    public MarkedText render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        Scope scope = new Scope(null);
        Functions.define(scope);
        controlTokens.forEach((name, token) -> scope.set(name, Value.Text.trusted(token)));
        scope.set(
                "messages",
                new Value.Sequence(messages.stream().map(ChatTemplate::value).toList()));
        scope.set("add_generation_prompt", new Value.Bool(addGenerationPrompt));
        return new Renderer(new Budget(longestText(messages))).render(statements, scope);
    }

    private static Value value(ChatMessage message) {
        Map<String, Value> entries = new LinkedHashMap<>();
        entries.put("role", new Value.Text(MarkedText.untrusted(message.role())));
        entries.put("content", new Value.Text(MarkedText.untrusted(message.content())));
        return new Value.Mapping(entries);
    }

    private static int longestText(List<ChatMessage> messages) {
        long written = messages.stream()
                .mapToLong(
                        message -> message.role().length() + message.content().length())
                .sum();
        long limit = COPIES * written + (1L + messages.size()) * FRAME_CHARACTERS;
        return (int) Math.min(Integer.MAX_VALUE, limit);
    }
}
