package io.tern.wire.responses;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.wire.NamedEvent;
import io.tern.wire.StrictJson;
import io.tern.wire.text.AnswerHead;
import io.tern.wire.text.ChatChunks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One answer as the events of its stream, and as the object that the last of them holds. Its items, a message or calls, open and
 * close one behind the other. One thread at a time.
 */
public final class ResponseEvents {
    private final ChatChunks chunks;
    private final String idTail;
    private final ObjectNode response;
    private final ArrayNode output;
    private final List<NamedEvent> told = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int number;
    /** The last of the output, if more of it may come. */
    private @Nullable ObjectNode open;

    public ResponseEvents(ResponseRequest request, AnswerHead head) {
        this.chunks = new ChatChunks(request.text(), head);
        this.idTail = head.id().substring(head.id().indexOf('_') + 1);
        this.response = StrictJson.newObject()
                .put("id", head.id())
                .put("object", "response")
                .put("created_at", head.createdSeconds())
                .put("status", "in_progress")
                .putNull("error")
                .putNull("incomplete_details");
        this.output = response.putArray("output");
        response.putNull("usage");
        response.setAll(request.told().deepCopy());
    }

    /** What is told of one event of the decoding stream. */
    public List<NamedEvent> of(GenerateResponse event) {
        told.clear();
        for (ObjectNode chunk : chunks.of(0, event)) {
            response.put("model", chunk.path("model").asString());
            if (event.hasStarted()) {
                tell("response.created").set("response", response.deepCopy());
                tell("response.in_progress").set("response", response.deepCopy());
            }
            JsonNode choice = chunk.at("/choices/0");
            addText(
                    choice.at("/delta/content").asString(""),
                    choice.at("/logprobs/content").values());
            choice.at("/delta/tool_calls").forEach(this::addCall);
            if (chunk.has("metrics")) {
                response.set("metrics", chunk.get("metrics"));
            }
        }
        if (event.hasFinished()) {
            finish(event.getFinished());
        }
        return List.copyOf(told);
    }

    /**
     * The answer, once all events were told.
     *
     * @throws TernException INTERNAL_ERROR if the stream ended without its last event
     */
    public ObjectNode response() {
        if (response.path("usage").isNull()) {
            throw new TernException(ErrorCode.INTERNAL_ERROR, "the answer ended before it was finished");
        }
        return response;
    }

    private void addText(String added, Iterable<JsonNode> logprobs) {
        if (added.isEmpty() && !logprobs.iterator().hasNext()) {
            return;
        }
        ObjectNode item = open != null && isMessage(open) ? open : openMessage();
        ObjectNode part = (ObjectNode) item.at("/content/0");
        text.append(added);
        ObjectNode delta = tellOfPart("response.output_text.delta", item).put("delta", added);
        ArrayNode news = delta.putArray("logprobs");
        logprobs.forEach(entry -> {
            news.add(entry);
            part.withArray("logprobs").add(entry);
        });
    }

    private ObjectNode openMessage() {
        ObjectNode item = open("msg_", "message").put("role", "assistant");
        item.putArray("content");
        tellOfItem("response.output_item.added").set("item", item.deepCopy());
        ObjectNode part =
                item.withArray("content").addObject().put("type", "output_text").put("text", "");
        part.putArray("annotations");
        part.putArray("logprobs");
        tellOfPart("response.content_part.added", item).set("part", part.deepCopy());
        return item;
    }

    /** @param delta of a chat: a call with an id begins, one without goes on */
    private void addCall(JsonNode delta) {
        String arguments = delta.at("/function/arguments").asString("");
        if (delta.has("id")) {
            ObjectNode item = open("fc_", "function_call")
                    .put("arguments", "")
                    .put("call_id", delta.path("id").asString())
                    .put("name", delta.at("/function/name").asString());
            tellOfItem("response.output_item.added").set("item", item.deepCopy());
        }
        if (open != null && !arguments.isEmpty()) {
            text.append(arguments);
            tellOfItem("response.function_call_arguments.delta")
                    .put("item_id", open.path("id").asString())
                    .put("delta", arguments);
        }
    }

    private ObjectNode open(String idPrefix, String type) {
        close("completed");
        open = output.addObject()
                .put("id", idPrefix + idTail + "_" + (output.size() - 1))
                .put("type", type)
                .put("status", "in_progress");
        text.setLength(0);
        return open;
    }

    private void close(String status) {
        if (open == null) {
            return;
        }
        if (isMessage(open)) {
            ObjectNode part = (ObjectNode) open.at("/content/0");
            part.put("text", text.toString());
            ObjectNode done = tellOfPart("response.output_text.done", open).put("text", text.toString());
            done.set("logprobs", part.path("logprobs").deepCopy());
            tellOfPart("response.content_part.done", open).set("part", part.deepCopy());
        } else {
            open.put("arguments", text.toString());
            tellOfItem("response.function_call_arguments.done")
                    .put("item_id", open.path("id").asString())
                    .put("name", open.path("name").asString())
                    .put("arguments", text.toString());
        }
        open.put("status", status);
        tellOfItem("response.output_item.done").set("item", open.deepCopy());
        open = null;
    }

    private void finish(Finished finished) {
        boolean cut = finished.getFinishReason().equals("length");
        String status = cut ? "incomplete" : "completed";
        if (output.isEmpty()) {
            openMessage(); // an answer without words has an empty one
        }
        close(status);
        response.put("status", status);
        if (cut) {
            response.putObject("incomplete_details").put("reason", "max_output_tokens");
        }
        ObjectNode usage = response.putObject("usage").put("input_tokens", finished.getPromptTokens());
        usage.putObject("input_tokens_details")
                .put("cached_tokens", finished.getCachedTokens())
                .put("cache_write_tokens", 0); // writing costs nothing
        usage.put("output_tokens", finished.getCompletionTokens());
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        usage.put("total_tokens", finished.getPromptTokens() + finished.getCompletionTokens());
        tell("response." + status).set("response", response.deepCopy());
    }

    private static boolean isMessage(ObjectNode item) {
        return item.path("type").asString().equals("message");
    }

    private ObjectNode tellOfPart(String type, ObjectNode item) {
        return tellOfItem(type).put("item_id", item.path("id").asString()).put("content_index", 0);
    }

    private ObjectNode tellOfItem(String type) {
        return tell(type).put("output_index", output.size() - 1);
    }

    private ObjectNode tell(String type) {
        ObjectNode data = StrictJson.newObject().put("type", type).put("sequence_number", number++);
        told.add(new NamedEvent(type, data));
        return data;
    }
}
