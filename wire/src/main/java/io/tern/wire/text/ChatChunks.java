package io.tern.wire.text;

import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import io.tern.wire.StrictJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code chat.completion.chunk}s of one stream: of each choice the role, then the text, then the finish reason; behind
 * all of them the usage if it was asked for. The metrics ride on the last chunk.
 */
public final class ChatChunks implements TextChunks {
    private final TextRequest request;
    private final AnswerHead head;
    private final OpenChoices choices;
    private final List<ToolAnswer> answers = new ArrayList<>();
    private String model = "";

    public ChatChunks(TextRequest request, AnswerHead head) {
        this.request = request;
        this.head = head;
        this.choices = new OpenChoices(request);
        for (int choice = 0; choice < request.choices().size(); choice++) {
            answers.add(new ToolAnswer(request.tools(), ChatJson.callIds(head, choice)));
        }
    }

    @Override
    public List<ObjectNode> of(int choice, GenerateResponse event) {
        return switch (event.getEventCase()) {
            case STARTED -> List.of(started(choice, event.getStarted()));
            case STEP -> List.of(step(choice, event.getStep()));
            case FINISHED -> finished(choice, event.getFinished());
            case EVENT_NOT_SET -> List.of(); // an event of a later version
        };
    }

    private ObjectNode started(int index, Started started) {
        model = started.getModel();
        choices.start(index, started);
        ObjectNode chunk = chunk(index, answers.get(index).begin(started.getCallFormat()), null);
        if (request.returnTokenIds()) {
            TextJson.putIds(chunk, "prompt_token_ids", started.getPromptList());
        }
        return chunk;
    }

    private ObjectNode step(int index, Step step) {
        choices.step(index, step);
        ObjectNode chunk = chunk(index, answers.get(index).more(step.getText()), null);
        ObjectNode choice = (ObjectNode) chunk.at("/choices/0");
        if (request.first().hasLogprobs()) {
            choice.set("logprobs", LogprobsJson.chat(step.getTokensList(), request.tokenNames()));
        }
        if (request.returnTokenIds()) {
            TextJson.putIds(choice, "token_ids", step.getTokensList());
        }
        chunk.set("tern", TextJson.step(step));
        return chunk;
    }

    private List<ObjectNode> finished(int index, Finished finished) {
        List<ObjectNode> chunks = new ArrayList<>();
        if (!finished.getText().isEmpty()) {
            chunks.add(chunk(index, answers.get(index).more(finished.getText()), null));
        }
        ObjectNode rest = answers.get(index).end();
        if (rest != null) {
            chunks.add(chunk(index, rest, null));
        }
        chunks.add(chunk(index, StrictJson.newObject(), finished));
        choices.finish(index, finished);
        if (choices.allFinished()) {
            TextJson.addTotals(
                    chunks, request, choices.finished(), TextJson.head(head, "chat.completion.chunk", model));
        }
        return chunks;
    }

    private ObjectNode chunk(int index, ObjectNode delta, @Nullable Finished finished) {
        ObjectNode chunk = TextJson.head(head, "chat.completion.chunk", model);
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        choice.set("delta", delta);
        choice.putNull("logprobs");
        if (finished == null) {
            choice.putNull("finish_reason");
        } else {
            TextJson.putFinish(choice, finished);
            choice.put("finish_reason", answers.get(index).finishReason(finished.getFinishReason()));
        }
        choices.putUsage(chunk, index);
        return chunk;
    }
}
