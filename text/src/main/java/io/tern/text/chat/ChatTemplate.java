package io.tern.text.chat;

import io.tern.base.TernException;
import io.tern.text.MarkedText;
import io.tern.text.call.CallFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

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
    /** A definition grows by so much when it is written line by line. */
    private static final int INDENTED = 8;

    /** What transformers' renderer takes itself and a template never sees. */
    private static final Set<String> OF_THE_RENDERER = Set.of("chat_template", "tokenize", "continue_final_message");

    private final List<Statement> statements;
    private final Map<String, String> controlTokens;
    private final CallManner calls;
    private final boolean tellsDocuments;

    private ChatTemplate(
            List<Statement> statements, Map<String, String> controlTokens, CallManner calls, boolean tellsDocuments) {
        this.statements = statements;
        this.calls = calls;
        this.controlTokens = Map.copyOf(controlTokens);
        this.tellsDocuments = tellsDocuments;
    }

    /**
     * @param controlTokens variables that the template may print and that are trusted: {@code bos_token}
     * @throws TemplateException if the template is wrong or uses a part of Jinja that is not supported
     */
    public static ChatTemplate parse(String source, Map<String, String> controlTokens) {
        List<Token> tokens = Lexer.tokens(source);
        return new ChatTemplate(
                Parser.parse(tokens),
                controlTokens,
                CallManner.of(tokens),
                tokens.stream().anyMatch(token -> token.isName("documents")));
    }

    /** Without tools. */
    public MarkedText render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return render(new Conversation(messages, addGenerationPrompt));
    }

    /**
     * The conversation as the model was trained to read it. Tools and calls are told by the template if it
     * {@linkplain #tellsTools() knows} them, else in words.
     *
     * @throws TernException INVALID_ARGUMENT if the template refuses the messages, or a variable has a name of its own
     * @throws TemplateException if the template fails, or runs longer or writes more than makes sense
     */
    public MarkedText render(Conversation conversation) {
        return renderAsItIs(calls.told(conversation));
    }

    /** Whatever the template knows. */
    MarkedText renderAsItIs(Conversation conversation) {
        Scope scope = new Scope(null);
        Functions.define(scope, conversation.now());
        controlTokens.forEach((name, token) -> scope.set(name, Value.Text.trusted(token)));
        List<Value> messages = conversation.messages().stream().map(Values::of).toList();
        scope.set("messages", new Value.Sequence(messages));
        scope.set("tools", sequence(conversation.tools()));
        scope.set("documents", sequence(conversation.documents()));
        scope.set("add_generation_prompt", new Value.Bool(conversation.addGenerationPrompt()));
        conversation.variables().forEach((name, value) -> {
            TernException.require(
                    scope.get(name) instanceof Value.Undefined && !OF_THE_RENDERER.contains(name),
                    "chat_template_kwargs",
                    name,
                    "names that are not the template's already");
            scope.set(name, Values.of(value));
        });
        return new Renderer(new Budget(longestText(conversation))).render(statements, scope);
    }

    private static Value sequence(List<JsonNode> nodes) {
        return nodes.isEmpty()
                ? Value.None.INSTANCE
                : new Value.Sequence(nodes.stream().map(Values::of).toList());
    }

    /** Whether it tells the model of documents. */
    public boolean tellsDocuments() {
        return tellsDocuments;
    }

    /** Whether it tells the model of tools by itself, in a manner that is known here. */
    public boolean tellsTools() {
        return calls.inTemplate();
    }

    /** How the model writes calls. */
    public CallFormat callFormat() {
        return calls.format();
    }

    private static int longestText(Conversation conversation) {
        long written = 0;
        for (ChatMessage message : conversation.messages()) {
            written += message.role().length() + message.content().length();
            for (ToolCall call : message.calls()) {
                written += call.name().length() + call.arguments().toString().length();
            }
        }
        for (JsonNode tool : conversation.tools()) {
            written += INDENTED * tool.toString().length();
        }
        for (JsonNode document : conversation.documents()) {
            written += INDENTED * document.toString().length();
        }
        for (JsonNode value : conversation.variables().values()) {
            written += INDENTED * value.toString().length();
        }
        long limit = COPIES * written + (1L + conversation.messages().size()) * FRAME_CHARACTERS;
        return (int) Math.min(Integer.MAX_VALUE, limit);
    }
}
