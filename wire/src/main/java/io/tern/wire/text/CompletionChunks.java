package io.tern.wire.text;

import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import io.tern.decoding.v1.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The {@code text_completion} chunks of one stream; an echoed prompt comes first, the metrics ride on the last. */
public final class CompletionChunks implements TextChunks {
    private final TextRequest request;
    private final AnswerHead head;
    private final OpenChoices choices;
    /** By choice. */
    private final Map<Integer, TextPlaces> places = new HashMap<>();

    private String model = "";

    public CompletionChunks(TextRequest request, AnswerHead head) {
        this.request = request;
        this.head = head;
        this.choices = new OpenChoices(request);
    }

    @Override
    public List<ObjectNode> of(int choice, GenerateResponse event) {
        return switch (event.getEventCase()) {
            case STARTED -> started(choice, event.getStarted());
            case STEP -> List.of(step(choice, event.getStep()));
            case FINISHED -> finished(choice, event.getFinished());
            case EVENT_NOT_SET -> List.of(); // an event of a later version
        };
    }

    private List<ObjectNode> started(int index, Started started) {
        model = started.getModel();
        choices.start(index, started);
        if (!request.echoText() && !request.returnTokenIds()) {
            return List.of();
        }
        List<Token> prompt = started.getPromptList();
        ObjectNode chunk = request.echoText()
                ? chunk(index, CompletionsJson.promptText(request.choices().get(index), prompt), prompt)
                : chunk(index, "", List.of());
        if (request.returnTokenIds()) {
            TextJson.putIds((ObjectNode) chunk.at("/choices/0"), "prompt_token_ids", prompt);
        }
        return List.of(chunk);
    }

    private ObjectNode step(int index, Step step) {
        choices.step(index, step);
        ObjectNode chunk = chunk(index, step.getText(), step.getTokensList());
        if (request.returnTokenIds()) {
            TextJson.putIds((ObjectNode) chunk.at("/choices/0"), "token_ids", step.getTokensList());
        }
        chunk.set("tern", TextJson.step(step));
        return chunk;
    }

    private List<ObjectNode> finished(int index, Finished finished) {
        List<ObjectNode> chunks = new ArrayList<>();
        ObjectNode last = chunk(index, finished.getText(), List.of());
        TextJson.putFinish((ObjectNode) last.at("/choices/0"), finished);
        chunks.add(last);
        choices.finish(index, finished);
        if (choices.allFinished()) {
            TextJson.addTotals(chunks, request, choices.finished(), TextJson.head(head, "text_completion", model));
        }
        return chunks;
    }

    private ObjectNode chunk(int index, String text, List<Token> tokens) {
        ObjectNode chunk = TextJson.head(head, "text_completion", model);
        ObjectNode choice =
                chunk.putArray("choices").addObject().put("index", index).put("text", text);
        boolean withLogprobs = request.first().hasLogprobs() && !tokens.isEmpty();
        choice.set("logprobs", withLogprobs ? logprobs(index, tokens) : null);
        choice.putNull("finish_reason");
        choices.putUsage(chunk, index);
        return chunk;
    }

    /** The first tokens of an echo are the prompt's. */
    private ObjectNode logprobs(int index, List<Token> tokens) {
        TextPlaces choice = places.computeIfAbsent(index, _ -> new TextPlaces(request.echoText() ? tokens.size() : 0));
        return LogprobsJson.completion(tokens, request.first().getLogprobs(), request.tokenNames(), choice);
    }
}
