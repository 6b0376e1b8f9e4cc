package io.tern.decoding.service;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.v1.GenerateRequest;
import java.util.List;
import java.util.stream.Stream;

/**
 * How much of a prompt is read: its end, as vLLM's {@code truncate_prompt_tokens} has it.
 *
 * @param most tokens
 */
record Truncation(int most) {
    /** @throws TernException INVALID_ARGUMENT for more than can be read, or nothing */
    static Truncation of(GenerateRequest request, ModelInfo model) {
        if (!request.hasTruncatePromptTokens()) {
            return new Truncation(Integer.MAX_VALUE);
        }
        int context = model.contextLength();
        int asked = request.getTruncatePromptTokens();
        if (asked == -1) {
            int answer = request.hasMaxTokens()
                    ? request.getMaxTokens()
                    : Math.min(DecodingProtos.DEFAULT_MAX_TOKENS, context / 2);
            return new Truncation(Math.clamp(context - (long) answer, 1, context - leastAnswer(request)));
        }
        // What leaves no room at all is refused by max_tokens' own name.
        int most = context - Math.max(leastAnswer(request), request.getMaxTokens());
        boolean fits = asked <= most || most < 1;
        require(asked >= 1 && fits, "truncate_prompt_tokens", asked, "-1, or 1.." + Math.max(1, most));
        return new Truncation(asked);
    }

    /** Tokens that the text has at least: none where the prompt alone is asked about. */
    static int leastAnswer(GenerateRequest request) {
        return request.hasMaxTokens() && request.getMaxTokens() == 0 ? 0 : 1;
    }

    /** @param frame how many of the first tokens stay in any case, as far as there is room */
    List<Integer> cut(List<Integer> tokens, int frame) {
        if (tokens.size() <= most) {
            return tokens;
        }
        int kept = Math.min(frame, most);
        return Stream.concat(
                        tokens.subList(0, kept).stream(),
                        tokens.subList(tokens.size() - (most - kept), tokens.size()).stream())
                .toList();
    }
}
