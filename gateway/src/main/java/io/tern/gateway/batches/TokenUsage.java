package io.tern.gateway.batches;

import tools.jackson.databind.JsonNode;

/** Tokens that answers have told of. */
record TokenUsage(long input, long cached, long output) {
    static final TokenUsage NONE = new TokenUsage(0, 0, 0);

    /** Of an answer in OpenAI's shape; one that tells nothing has used none. */
    static TokenUsage of(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        return new TokenUsage(
                usage.path("prompt_tokens").asLong(0),
                usage.path("prompt_tokens_details").path("cached_tokens").asLong(0),
                usage.path("completion_tokens").asLong(0));
    }

    TokenUsage plus(TokenUsage other) {
        return new TokenUsage(input + other.input, cached + other.cached, output + other.output);
    }
}
