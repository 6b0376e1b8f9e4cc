package io.tern.wire;

import io.tern.decoding.v1.GenerateRequest;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/chat/completions}. */
public final class ChatJson {
    private ChatJson() {}

    /** @throws io.tern.base.TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static TextRequest request(ObjectNode body) {
        Fields fields = Fields.of(body);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        SamplingFields.read(fields, request);
        request.addAllMessages(MessagesJson.read(fields));
        // The later name wins, as OpenAI means it to.
        fields.int32("max_tokens").ifPresent(request::setMaxTokens);
        fields.int32("max_completion_tokens").ifPresent(request::setMaxTokens);
        readLogprobs(fields, request);
        boolean returnTokenIds = fields.flag("return_token_ids").orElse(false);
        request.setEcho(returnTokenIds);
        boolean stream = fields.flag("stream").orElse(false);
        boolean includeUsage = SamplingFields.includeUsage(fields);
        int perPrompt = ChoiceFields.perPrompt(fields);
        readWhatChangesNothing(fields);
        fields.refuseUnknown();
        List<GenerateRequest> choices = ChoiceFields.choices(List.of(request.build()), perPrompt);
        return new TextRequest(choices, perPrompt, stream, includeUsage, returnTokenIds, false);
    }

    /**
     * A {@code chat.completion}.
     *
     * @param answers one for each choice
     */
    public static ObjectNode answer(TextRequest request, List<TextAnswer> answers, AnswerHead head) {
        ObjectNode node = TextJson.head(
                head, "chat.completion", answers.getFirst().started().getModel());
        ArrayNode choices = node.putArray("choices");
        answers.forEach(answer -> putChoice(choices, request, answer));
        if (request.returnTokenIds()) {
            TextJson.putIds(
                    node, "prompt_token_ids", answers.getFirst().started().getPromptList());
        }
        TextJson.putTotals(
                node, request, answers.stream().map(TextAnswer::finished).toList());
        return node;
    }

    private static void putChoice(ArrayNode choices, TextRequest request, TextAnswer answer) {
        ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", answer.text())
                .putNull("refusal");
        choice.set("logprobs", request.first().hasLogprobs() ? LogprobsJson.chat(answer.tokens()) : null);
        TextJson.putFinish(choice, answer.finished());
        if (request.returnTokenIds()) {
            TextJson.putIds(choice, "token_ids", answer.tokens());
        }
    }

    private static void readLogprobs(Fields fields, GenerateRequest.Builder request) {
        boolean wanted = fields.flag("logprobs").orElse(false);
        fields.int32("top_logprobs").ifPresent(top -> {
            if (!wanted) {
                throw fields.invalid("top_logprobs", "only together with logprobs: true");
            }
            request.setLogprobs(top);
        });
        if (wanted && !request.hasLogprobs()) {
            request.setLogprobs(0);
        }
    }

    private static void readWhatChangesNothing(Fields fields) {
        fields.accept("metadata", "service_tier", "parallel_tool_calls", "prompt_cache_key", "prompt_cache_retention");
        fields.onlyNeutral("store", false);
        fields.onlyNeutral("tool_choice", "none", "auto");
        fields.onlyNeutral("function_call", "none", "auto");
        fields.node("modalities").ifPresent(modalities -> {
            if (!fields.texts("modalities").equals(List.of("text"))) {
                throw fields.unsupported("modalities");
            }
        });
        fields.refuse("tools", "functions", "audio", "prediction", "reasoning_effort", "verbosity");
        fields.refuse("web_search_options", "moderation");
    }
}
