package io.tern.wire;

import io.tern.decoding.v1.GenerateRequest;
import java.util.List;

/**
 * A chat or completion request: what the decoding service is to do, and how the answer is to be shown.
 *
 * @param choices one text each, in the order of their indexes: all of the first prompt, then all of the next
 * @param perPrompt how many of them each prompt has: OpenAI's {@code n}
 * @param includeUsage a stream ends with a chunk that holds the usage
 * @param returnTokenIds show ids of the prompt and the answer; the service is then asked to echo the prompt
 * @param echoText the answer's text begins with the prompt
 * @param tools which calls to look for in the answer
 */
public record TextRequest(
        List<GenerateRequest> choices,
        int perPrompt,
        boolean stream,
        boolean includeUsage,
        boolean returnTokenIds,
        boolean echoText,
        ToolUse tools) {
    public TextRequest {
        choices = List.copyOf(choices);
    }

    /** Without tools. */
    public TextRequest(
            List<GenerateRequest> choices,
            int perPrompt,
            boolean stream,
            boolean includeUsage,
            boolean returnTokenIds,
            boolean echoText) {
        this(choices, perPrompt, stream, includeUsage, returnTokenIds, echoText, ToolUse.NONE);
    }

    /** The first choice; what is asked for is the same for all. */
    GenerateRequest first() {
        return choices.getFirst();
    }
}
