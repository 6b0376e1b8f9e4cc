package io.tern.gateway.batches;

import tools.jackson.databind.JsonNode;

/** Tokens that answers have told of. */
record TokenUsage(long input, long cached, long output) {
    static final TokenUsage NONE = new TokenUsage(0, 0, 0);

    /** Of an answer in OpenAI's words, those of chats or those of responses; one that tells nothing has used none. */
    static TokenUsage of(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        boolean chat = usage.has("prompt_tokens");
        String input = chat ? "prompt_tokens" : "input_tokens";
        return new TokenUsage(
                usage.path(input).asLong(0),
                usage.path(input + "_details").path("cached_tokens").asLong(0),
                usage.path(chat ? "completion_tokens" : "output_tokens").asLong(0));
    }

    TokenUsage plus(TokenUsage other) {
        return new TokenUsage(input + other.input, cached + other.cached, output + other.output);
    }
}
