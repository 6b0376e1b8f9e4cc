package io.tern.wire.text;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.jobs.v1.TextsRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat or completion request: what the decoding service is to do, and how the answer is to be shown.
 *
 * @param choices one text each, in the order of their indexes: all of the first prompt, then all of the next
 * @param perPrompt how many of them each prompt has: OpenAI's {@code n}
 * @param usage where a stream tells it
 * @param returnTokenIds show ids of the prompt and the answer; the service is then asked to echo the prompt
 * @param echoText the answer's text begins with the prompt
 * @param tokenNames what log probabilities call tokens
 * @param tools which calls to look for in the answer
 * @param sent what the caller calls fields of {@code choices}, by their names there
 */
public record TextRequest(
        List<GenerateRequest> choices,
        int perPrompt,
        boolean stream,
        StreamUsage usage,
        boolean returnTokenIds,
        boolean echoText,
        TokenNames tokenNames,
        ToolUse tools,
        Map<String, String> sent) {
    public TextRequest {
        choices = List.copyOf(choices);
        sent = Map.copyOf(sent);
    }

    /**
     * What a job asks for.
     *
     * @throws TernException INVALID_ARGUMENT for more or fewer texts than an answer can have
     */
    public static TextRequest of(TextsRequest job) {
        TernException.require(job.getPromptsCount() > 0, "prompts", "none", "at least one");
        int perPrompt = ChoiceFields.requirePerPrompt(job.hasN() ? job.getN() : 1);
        return new TextRequest(
                ChoiceFields.choices(job.getPromptsList(), perPrompt),
                perPrompt,
                false,
                StreamUsage.NONE,
                job.getReturnTokenIds(),
                job.getEchoText(),
                job.getTokensAsIds() ? TokenNames.BY_ID : TokenNames.BY_TEXT,
                ToolUse.of(job.getPrompts(0), !job.getOneCall()),
                Map.of());
    }

    /** The same for a worker; whether it is streamed changes nothing there. */
    public TextsRequest job() {
        TextsRequest.Builder job = TextsRequest.newBuilder()
                .setN(perPrompt)
                .setOneCall(tools.isOffered() && !tools.several())
                .setReturnTokenIds(returnTokenIds)
                .setTokensAsIds(tokenNames == TokenNames.BY_ID)
                .setEchoText(echoText);
        for (int i = 0; i < choices.size(); i += perPrompt) {
            job.addPrompts(choices.get(i));
        }
        return job.build();
    }

    /** The answer of the route that the request is of: messages are chats, all else are completions. */
    public ObjectNode answer(List<TextAnswer> answers) {
        boolean chat = first().getMessagesCount() > 0;
        AnswerHead head = new AnswerHead(
                (chat ? "chatcmpl-" : "cmpl-") + UUID.randomUUID(),
                Instant.now().getEpochSecond());
        return chat ? ChatJson.answer(this, answers, head) : CompletionsJson.answer(this, answers, head);
    }

    /** The first choice; what is asked for is the same for all. */
    GenerateRequest first() {
        return choices.getFirst();
    }
}
