package io.tern.wire;

import io.tern.base.TernException;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.Token;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/completions}: text that goes on from a prompt, which may be given as token ids. */
public final class CompletionsJson {
    /** OpenAI's default on this route. */
    private static final int DEFAULT_MAX_TOKENS = 16;

    private CompletionsJson() {}

    /** @throws TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static TextRequest request(ObjectNode body) {
        Fields fields = Fields.of(body);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        SamplingFields.read(fields, request);
        readPrompt(fields, request);
        request.setMaxTokens(fields.int32("max_tokens").orElse(DEFAULT_MAX_TOKENS));
        fields.int32("logprobs").ifPresent(request::setLogprobs);
        boolean echoText = fields.flag("echo").orElse(false);
        boolean returnTokenIds = fields.flag("return_token_ids").orElse(false);
        request.setEcho(echoText || returnTokenIds);
        boolean stream = fields.flag("stream").orElse(false);
        boolean includeUsage = SamplingFields.includeUsage(fields);
        fields.onlyNeutral("best_of", 1);
        fields.refuse("suffix");
        fields.refuseUnknown();
        return new TextRequest(request.build(), stream, includeUsage, returnTokenIds, echoText);
    }

    /** A {@code text_completion}. */
    public static ObjectNode answer(TextRequest request, TextAnswer answer, AnswerHead head) {
        Finished finished = answer.finished();
        List<Token> shown =
                new ArrayList<>(request.echoText() ? answer.started().getPromptList() : List.of());
        shown.addAll(answer.tokens());
        String prompt =
                request.echoText() ? promptText(request, answer.started().getPromptList()) : "";
        ObjectNode node =
                TextJson.head(head, "text_completion", answer.started().getModel());
        ObjectNode choice = node.putArray("choices").addObject().put("index", 0);
        choice.put("text", prompt + answer.text());
        choice.set("logprobs", request.generate().hasLogprobs() ? LogprobsJson.completion(shown, 0) : null);
        TextJson.putFinish(choice, finished);
        if (request.returnTokenIds()) {
            TextJson.putIds(choice, "prompt_token_ids", answer.started().getPromptList());
            TextJson.putIds(choice, "token_ids", answer.tokens());
        }
        node.set("usage", TextJson.usage(finished));
        node.set("metrics", SpeculationJson.metrics(finished));
        return node;
    }

    /** The prompt as it was sent, or of its tokens where it was sent as ids. */
    static String promptText(TextRequest request, List<Token> tokens) {
        String prompt = request.generate().getPrompt();
        return prompt.isEmpty()
                ? String.join("", tokens.stream().map(Token::getText).toList())
                : prompt;
    }

    private static void readPrompt(Fields fields, GenerateRequest.Builder request) {
        String expected = "string or array of token ids";
        JsonNode prompt = fields.node("prompt").orElseThrow(() -> fields.invalid("prompt", expected));
        if (prompt.isString()) {
            request.setPrompt(prompt.stringValue());
        } else if (!prompt.isArray()) {
            throw fields.invalid("prompt", expected);
        } else if (prompt.values().stream().allMatch(JsonNode::isIntegralNumber)) {
            request.addAllTokenIds(fields.int32s("prompt"));
        } else if (prompt.size() == 1 && prompt.get(0).isString()) {
            request.setPrompt(prompt.get(0).stringValue());
        } else {
            throw fields.invalid("prompt", expected + "; several prompts are not supported by this server");
        }
    }
}
