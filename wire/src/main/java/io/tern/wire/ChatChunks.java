package io.tern.wire;

import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code chat.completion.chunk}s of one stream: the role, then the text, then the finish reason, then the usage if it
 * was asked for. The metrics ride on the last of them.
 */
public final class ChatChunks implements TextChunks {
    private final TextRequest request;
    private final AnswerHead head;
    private String model = "";

    public ChatChunks(TextRequest request, AnswerHead head) {
        this.request = request;
        this.head = head;
    }

    @Override
    public List<ObjectNode> of(GenerateResponse event) {
        return switch (event.getEventCase()) {
            case STARTED -> List.of(started(event.getStarted()));
            case STEP -> List.of(step(event.getStep()));
            case FINISHED -> finished(event.getFinished());
            case EVENT_NOT_SET -> List.of(); // an event of a later version
        };
    }

    private ObjectNode started(Started started) {
        model = started.getModel();
        ObjectNode delta = StrictJson.newObject().put("role", "assistant").put("content", "");
        ObjectNode chunk = chunk(delta, null);
        if (request.returnTokenIds()) {
            TextJson.putIds(chunk, "prompt_token_ids", started.getPromptList());
        }
        return chunk;
    }

    private ObjectNode step(Step step) {
        ObjectNode chunk = chunk(StrictJson.newObject().put("content", step.getText()), null);
        ObjectNode choice = (ObjectNode) chunk.at("/choices/0");
        if (request.generate().hasLogprobs()) {
            choice.set("logprobs", LogprobsJson.chat(step.getTokensList()));
        }
        if (request.returnTokenIds()) {
            TextJson.putIds(choice, "token_ids", step.getTokensList());
        }
        chunk.set("tern", TextJson.step(step));
        return chunk;
    }

    private List<ObjectNode> finished(Finished finished) {
        List<ObjectNode> chunks = new ArrayList<>();
        if (!finished.getText().isEmpty()) {
            chunks.add(chunk(StrictJson.newObject().put("content", finished.getText()), null));
        }
        chunks.add(chunk(StrictJson.newObject(), finished));
        if (request.includeUsage()) {
            ObjectNode usage = TextJson.head(head, "chat.completion.chunk", model);
            usage.putArray("choices");
            usage.set("usage", TextJson.usage(finished));
            chunks.add(usage);
        }
        chunks.getLast().set("metrics", SpeculationJson.metrics(finished));
        return chunks;
    }

    private ObjectNode chunk(ObjectNode delta, @Nullable Finished finished) {
        ObjectNode chunk = TextJson.head(head, "chat.completion.chunk", model);
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs");
        if (finished == null) {
            choice.putNull("finish_reason");
        } else {
            TextJson.putFinish(choice, finished);
        }
        if (request.includeUsage()) {
            chunk.putNull("usage");
        }
        return chunk;
    }
}
