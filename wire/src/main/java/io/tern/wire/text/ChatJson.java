package io.tern.wire.text;

import io.tern.decoding.v1.GenerateRequest;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/chat/completions}. */
public final class ChatJson {
    private ChatJson() {}

    /** @throws io.tern.base.TernException INVALID_ARGUMENT for a field that is wrong, unknown or not supported */
    public static TextRequest request(ObjectNode body) {
        Fields fields = Fields.of(body);
        GenerateRequest.Builder request = GenerateRequest.newBuilder();
        Map<String, String> sent = new HashMap<>(Map.of(
                "logprobs", "top_logprobs",
                "answer_prefix", "continue_final_message",
                "call_required", "tool_choice"));
        SamplingFields.read(fields, request, sent);
        ContinuedMessage.read(fields, MessagesJson.read(fields), request);
        // The later name wins, as OpenAI means it to.
        fields.int32("max_tokens").ifPresent(request::setMaxTokens);
        fields.int32("max_completion_tokens").ifPresent(most -> {
            request.setMaxTokens(most);
            sent.put("max_tokens", "max_completion_tokens");
        });
        readLogprobs(fields, request);
        boolean returnTokenIds = fields.flag("return_token_ids").orElse(false);
        request.setEcho(returnTokenIds);
        TokenNames names = OutputFields.readTokenNames(fields);
        boolean stream = fields.flag("stream").orElse(false);
        StreamUsage usage = StreamUsage.read(fields, stream);
        OutputFields.readPromptLogprobs(fields, stream, request);
        TemplateFields.read(fields, request);
        int perPrompt = ChoiceFields.perPrompt(fields);
        ToolUse tools = ToolFields.read(fields);
        if (tools.isForced() && !request.getAnswerPrefix().isEmpty()) {
            throw fields.invalid("continue_final_message", "false where tool_choice forces a call");
        }
        if (tools.isForced() && request.hasAddGenerationPrompt()) {
            throw fields.invalid("add_generation_prompt", "true where tool_choice forces a call");
        }
        tools.putInto(request, sent);
        readWhatChangesNothing(fields);
        fields.refuseUnknown();
        List<GenerateRequest> choices = ChoiceFields.choices(List.of(request.build()), perPrompt);
        return new TextRequest(choices, perPrompt, stream, usage, returnTokenIds, false, names, tools, sent);
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
        answers.forEach(answer -> putChoice(choices, request, answer, head));
        if (request.returnTokenIds()) {
            TextJson.putIds(
                    node, "prompt_token_ids", answers.getFirst().started().getPromptList());
        }
        if (request.first().hasPromptLogprobs()) {
            node.set(
                    "prompt_logprobs",
                    LogprobsJson.prompt(
                            answers.getFirst().started().getPromptList(),
                            request.first().getPromptLogprobs()));
        }
        TextJson.putTotals(
                node, request, answers.stream().map(TextAnswer::finished).toList());
        return node;
    }

    private static void putChoice(ArrayNode choices, TextRequest request, TextAnswer answer, AnswerHead head) {
        ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
        ToolAnswer parts = new ToolAnswer(request.tools(), callIds(head, choices.size() - 1));
        choice.set("message", message(parts, answer));
        choice.set(
                "logprobs",
                request.first().hasLogprobs() ? LogprobsJson.chat(answer.tokens(), request.tokenNames()) : null);
        TextJson.putFinish(choice, answer.finished());
        choice.put("finish_reason", parts.finishReason(answer.finished().getFinishReason()));
        if (request.returnTokenIds()) {
            TextJson.putIds(choice, "token_ids", answer.tokens());
        }
    }

    static String callIds(AnswerHead head, int choice) {
        return "call_" + head.id().replaceAll("[^0-9a-f]", "") + "_" + choice + "_";
    }

    /** The deltas of a stream, put together. */
    private static ObjectNode message(ToolAnswer parts, TextAnswer answer) {
        StringBuilder content = new StringBuilder();
        ArrayNode calls = StrictJson.newObject().putArray("tool_calls");
        Stream.of(parts.begin(answer.started().getCallFormat()), parts.more(answer.text()), parts.end())
                .filter(Objects::nonNull)
                .forEach(delta -> {
                    content.append(delta.path("content").asString(""));
                    delta.path("tool_calls").forEach(call -> addCall(calls, (ObjectNode) call));
                });
        ObjectNode message = StrictJson.newObject().put("role", "assistant");
        message.put("content", calls.isEmpty() || !content.isEmpty() ? content.toString() : null);
        message.putNull("refusal");
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        return message;
    }

    private static void addCall(ArrayNode calls, ObjectNode delta) {
        int index = ((ObjectNode) delta).remove("index").asInt();
        if (index == calls.size()) {
            calls.add(delta);
        } else {
            ObjectNode function = (ObjectNode) calls.get(index).get("function");
            function.put(
                    "arguments",
                    function.get("arguments").asString()
                            + delta.at("/function/arguments").asString());
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
        fields.accept("metadata", "service_tier", "prompt_cache_key", "prompt_cache_retention");
        fields.onlyNeutral("store", false);
        fields.onlyNeutral("function_call", "none", "auto");
        fields.node("modalities").ifPresent(modalities -> {
            if (!fields.texts("modalities").equals(List.of("text"))) {
                throw fields.unsupported("modalities");
            }
        });
        fields.onlyNeutral("reasoning_effort", "none");
        fields.onlyNeutral("verbosity", "medium");
        fields.onlyNeutral("echo", false);
        fields.onlyNeutral("add_special_tokens", false);
        fields.refuse("functions", "audio", "prediction");
        fields.refuse("web_search_options", "moderation");
    }
}
