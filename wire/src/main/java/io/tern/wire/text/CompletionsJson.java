package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.Token;
import io.tern.wire.Fields;
import io.tern.wire.Scalars;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/completions}: text that goes on from a prompt, which may be given as token ids. */
public final class CompletionsJson {
    /** OpenAI's default on this route. */
    private static final int DEFAULT_MAX_TOKENS = 16;

    private static final String PROMPT = "string, array of token ids, or array of these";

    private CompletionsJson() {}

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static TextRequest request(ObjectNode body) {
        Fields fields = Fields.of(body);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        Map<String, String> sent = new HashMap<>(Map.of("token_ids", "prompt"));
        SamplingFields.read(fields, request, sent);
        int perPrompt = ChoiceFields.perPrompt(fields);
        JsonNode prompt = fields.node("prompt").orElseThrow(() -> fields.invalid("prompt", PROMPT));
        request.setMaxTokens(fields.int32("max_tokens").orElse(DEFAULT_MAX_TOKENS));
        fields.int32("logprobs").ifPresent(request::setLogprobs);
        boolean echoText = fields.flag("echo").orElse(false);
        boolean returnTokenIds = fields.flag("return_token_ids").orElse(false);
        request.setEcho(echoText || returnTokenIds);
        TokenNames names = OutputFields.readTokenNames(fields);
        boolean stream = fields.flag("stream").orElse(false);
        StreamUsage usage = StreamUsage.read(fields, stream);
        OutputFields.readPromptLogprobs(fields, stream, request);
        fields.onlyNeutral("best_of", 1);
        fields.onlyNeutral("add_special_tokens", true);
        fields.refuse("suffix");
        fields.refuse("chat_template_kwargs", "documents"); // of chats
        fields.refuseUnknown();
        List<GenerateRequest> prompts = prompts(fields, prompt, request.build());
        List<GenerateRequest> choices = ChoiceFields.choices(prompts, perPrompt);
        return new TextRequest(choices, perPrompt, stream, usage, returnTokenIds, echoText, names, ToolUse.NONE, sent);
    }

    /**
     * A {@code text_completion}.
     *
     * @param answers one for each choice
     */
    public static ObjectNode answer(TextRequest request, List<TextAnswer> answers, AnswerHead head) {
        ObjectNode node = TextJson.head(
                head, "text_completion", answers.getFirst().started().getModel());
        ArrayNode choices = node.putArray("choices");
        for (TextAnswer answer : answers) {
            ObjectNode choice = putChoice(choices, request, answer);
            if (request.first().hasPromptLogprobs()) {
                int index = choices.size() - 1;
                TextAnswer scored = answers.get(index - index % request.perPrompt());
                choice.set(
                        "prompt_logprobs",
                        LogprobsJson.prompt(
                                scored.started().getPromptList(),
                                request.first().getPromptLogprobs()));
            }
        }
        TextJson.putTotals(
                node, request, answers.stream().map(TextAnswer::finished).toList());
        return node;
    }

    private static ObjectNode putChoice(ArrayNode choices, TextRequest request, TextAnswer answer) {
        List<Token> prompt = answer.started().getPromptList();
        List<Token> shown = new ArrayList<>(request.echoText() ? prompt : List.of());
        shown.addAll(answer.tokens());
        int index = choices.size();
        ObjectNode choice = choices.addObject().put("index", index);
        choice.put(
                "text", (request.echoText() ? promptText(request.choices().get(index), prompt) : "") + answer.text());
        choice.set(
                "logprobs",
                request.first().hasLogprobs()
                        ? LogprobsJson.completion(
                                shown,
                                request.first().getLogprobs(),
                                request.tokenNames(),
                                new TextPlaces(shown.size() - answer.tokens().size()))
                        : null);
        TextJson.putFinish(choice, answer.finished());
        if (request.returnTokenIds()) {
            TextJson.putIds(choice, "prompt_token_ids", prompt);
            TextJson.putIds(choice, "token_ids", answer.tokens());
        }
        return choice;
    }

    /** The prompt as it was sent, or of its tokens' bytes, of which a character may have several, where it was sent as ids. */
    static String promptText(GenerateRequest request, List<Token> tokens) {
        if (!request.getPrompt().isEmpty()) {
            return request.getPrompt();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokens.forEach(token -> bytes.writeBytes(TokenNames.bytes(token.getText(), token.getRaw())));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static List<GenerateRequest> prompts(Fields fields, JsonNode prompt, GenerateRequest request) {
        boolean several = prompt.isArray()
                && !prompt.isEmpty()
                && prompt.values().stream().noneMatch(JsonNode::isNumber);
        return (several ? prompt.values() : List.of(prompt))
                .stream().map(one -> prompt(fields, one, request)).toList();
    }

    private static GenerateRequest prompt(Fields fields, JsonNode prompt, GenerateRequest request) {
        boolean empty = prompt.isString() ? prompt.stringValue().isEmpty() : prompt.isArray() && prompt.isEmpty();
        TernException.require(!empty, "prompt", "empty", "a character or a token at least");
        if (prompt.isString()) {
            return request.toBuilder().setPrompt(prompt.stringValue()).build();
        }
        List<Integer> ids = Scalars.int32s(prompt);
        if (ids == null) {
            throw fields.invalid("prompt", PROMPT);
        }
        return request.toBuilder().addAllTokenIds(ids).build();
    }
}
