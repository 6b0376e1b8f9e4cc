package io.tern.wire;

import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import io.tern.decoding.v1.Token;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The {@code text_completion} chunks of one stream; an echoed prompt comes first, the metrics on the last. */
public final class CompletionChunks implements TextChunks {
    private final TextRequest request;
    private final AnswerHead head;
    private String model = "";
    /** Where the next token's text begins, in code points. */
    private int offset;

    public CompletionChunks(TextRequest request, AnswerHead head) {
        this.request = request;
        this.head = head;
    }

    @Override
    public List<ObjectNode> of(GenerateResponse event) {
        return switch (event.getEventCase()) {
            case STARTED -> started(event.getStarted());
            case STEP -> List.of(step(event.getStep()));
            case FINISHED -> finished(event.getFinished());
            case EVENT_NOT_SET -> List.of(); // an event of a later version
        };
    }

    private List<ObjectNode> started(Started started) {
        model = started.getModel();
        if (!request.echoText() && !request.returnTokenIds()) {
            return List.of();
        }
        List<Token> prompt = started.getPromptList();
        ObjectNode chunk =
                request.echoText() ? chunk(CompletionsJson.promptText(request, prompt), prompt) : chunk("", List.of());
        if (request.returnTokenIds()) {
            TextJson.putIds((ObjectNode) chunk.at("/choices/0"), "prompt_token_ids", prompt);
        }
        return List.of(chunk);
    }

    private ObjectNode step(Step step) {
        ObjectNode chunk = chunk(step.getText(), step.getTokensList());
        if (request.returnTokenIds()) {
            TextJson.putIds((ObjectNode) chunk.at("/choices/0"), "token_ids", step.getTokensList());
        }
        chunk.set("tern", TextJson.step(step));
        return chunk;
    }

    private List<ObjectNode> finished(Finished finished) {
        List<ObjectNode> chunks = new ArrayList<>();
        ObjectNode last = chunk(finished.getText(), List.of());
        TextJson.putFinish((ObjectNode) last.at("/choices/0"), finished);
        chunks.add(last);
        if (request.includeUsage()) {
            ObjectNode usage = TextJson.head(head, "text_completion", model);
            usage.putArray("choices");
            usage.set("usage", TextJson.usage(finished));
            chunks.add(usage);
        }
        chunks.getLast().set("metrics", SpeculationJson.metrics(finished));
        return chunks;
    }

    private ObjectNode chunk(String text, List<Token> tokens) {
        ObjectNode chunk = TextJson.head(head, "text_completion", model);
        ObjectNode choice =
                chunk.putArray("choices").addObject().put("index", 0).put("text", text);
        boolean withLogprobs = request.generate().hasLogprobs() && !tokens.isEmpty();
        choice.set("logprobs", withLogprobs ? LogprobsJson.completion(tokens, offset) : null);
        offset += LogprobsJson.length(tokens);
        choice.putNull("finish_reason");
        if (request.includeUsage()) {
            chunk.putNull("usage");
        }
        return chunk;
    }
}
