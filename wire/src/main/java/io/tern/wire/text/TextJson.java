package io.tern.wire.text;

import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.Step;
import io.tern.decoding.v1.Token;
import io.tern.wire.StrictJson;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The parts that chat and completion answers share. */
final class TextJson {
    private TextJson() {}

    static ObjectNode head(AnswerHead head, String object, String model) {
        ObjectNode node = StrictJson.newObject();
        node.put("id", head.id());
        node.put("object", object);
        node.put("created", head.createdSeconds());
        node.put("model", model);
        return node;
    }

    /**
     * Usage and metrics of all choices.
     *
     * @param finished of each choice in order
     */
    static void putTotals(ObjectNode node, TextRequest request, List<Finished> finished) {
        node.set("usage", usage(request, finished));
        node.set("metrics", SpeculationJson.metrics(finished));
    }

    /**
     * The end of a stream: a chunk with the usage if that was asked for, and the metrics on the last chunk.
     *
     * @param tail head of the chunk with the usage
     */
    static void addTotals(List<ObjectNode> chunks, TextRequest request, List<Finished> finished, ObjectNode tail) {
        if (request.usage().isTold()) {
            tail.putArray("choices");
            tail.set("usage", usage(request, finished));
            chunks.add(tail);
        }
        chunks.getLast().set("metrics", SpeculationJson.metrics(finished));
    }

    /** A prompt counts once, however many choices it has. */
    private static ObjectNode usage(TextRequest request, List<Finished> finished) {
        int prompts = 0;
        int cached = 0;
        int completions = 0;
        for (int choice = 0; choice < finished.size(); choice++) {
            prompts += choice % request.perPrompt() == 0 ? finished.get(choice).getPromptTokens() : 0;
            cached += choice % request.perPrompt() == 0 ? finished.get(choice).getCachedTokens() : 0;
            completions += finished.get(choice).getCompletionTokens();
        }
        ObjectNode usage = usage(prompts, completions);
        usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
        return usage;
    }

    static ObjectNode usage(int promptTokens, int completionTokens) {
        return StrictJson.newObject()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens);
    }

    /** {@code finish_reason}, and vLLM's {@code stop_reason}: the stop string or the stop token's id that ended the text. */
    static void putFinish(ObjectNode choice, Finished finished) {
        choice.put("finish_reason", finished.getFinishReason());
        if (finished.hasStopTokenId()) {
            choice.put("stop_reason", finished.getStopTokenId());
        } else {
            choice.put("stop_reason", finished.getStop().isEmpty() ? null : finished.getStop());
        }
    }

    static void putIds(ObjectNode node, String name, List<Token> tokens) {
        ArrayNode ids = node.putArray(name);
        tokens.forEach(token -> ids.add(token.getId()));
    }

    /** Our addition to a chunk: which of its tokens were drafted, and the draft with what became of it. */
    static ObjectNode step(Step step) {
        ObjectNode node = StrictJson.newObject();
        node.put("drafted", step.getDrafted());
        node.put("accepted", step.getAccepted());
        ArrayNode tokens = node.putArray("tokens");
        step.getTokensList()
                .forEach(token -> tokens.addObject()
                        .put("id", token.getId())
                        .put("text", token.getText())
                        .put("drafted", token.getDrafted()));
        ArrayNode draft = node.putArray("draft");
        step.getDraftList()
                .forEach(token -> draft.addObject()
                        .put("id", token.getId())
                        .put("text", token.getText())
                        .put("parent", token.getParent())
                        .put("accepted", token.getAccepted()));
        return node;
    }
}
