package io.tern.wire;

import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.Step;
import io.tern.decoding.v1.Token;
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

    static ObjectNode usage(Finished finished) {
        ObjectNode usage = StrictJson.newObject();
        usage.put("prompt_tokens", finished.getPromptTokens());
        usage.put("completion_tokens", finished.getCompletionTokens());
        usage.put("total_tokens", finished.getPromptTokens() + finished.getCompletionTokens());
        return usage;
    }

    /** {@code finish_reason}, and vLLM's {@code stop_reason}: the stop string that ended the text. */
    static void putFinish(ObjectNode choice, Finished finished) {
        choice.put("finish_reason", finished.getFinishReason());
        choice.put("stop_reason", finished.getStop().isEmpty() ? null : finished.getStop());
    }

    static void putIds(ObjectNode node, String name, List<Token> tokens) {
        ArrayNode ids = node.putArray(name);
        tokens.forEach(token -> ids.add(token.getId()));
    }

    /** Our addition to a chunk: which of its tokens were drafted, and how the draft did. */
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
        return node;
    }
}
