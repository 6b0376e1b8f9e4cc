package io.tern.decoding;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.model.ModelInfo;
import java.util.List;
import java.util.Set;

/**
 * When a text ends, beside its greatest length.
 *
 * @param strings the text ends before the first of these, at most 16 of 1..256 characters
 * @param tokens further tokens that end the text, at most 16
 * @param ignoreEnd whether to go on after the model's own end
 * @param minTokens none of these ends a text of fewer tokens, at least 0: tokens that would cannot come yet, and a stop string
 *     that is complete by then is text like any other
 * @param shown whether what ended the text is part of it
 */
public record Ending(List<String> strings, Set<Integer> tokens, boolean ignoreEnd, int minTokens, boolean shown) {
    private static final int MOST_STOPS = 16;
    private static final int LONGEST_STOP = 256;

    public Ending {
        strings = List.copyOf(strings);
        tokens = Set.copyOf(tokens);
        require(strings.size() <= MOST_STOPS, "stop", strings.size() + " strings", "at most " + MOST_STOPS);
        for (String text : strings) {
            require(
                    !text.isEmpty() && text.length() <= LONGEST_STOP,
                    "stop",
                    text.length() + " characters",
                    "1.." + LONGEST_STOP + " characters");
        }
        require(tokens.size() <= MOST_STOPS, "stop_token_ids", tokens.size() + " ids", "at most " + MOST_STOPS);
        require(minTokens >= 0, "min_tokens", minTokens, "0..max_tokens");
    }

    /** By stop strings, and by the model's own end if that is not ignored. */
    public static Ending of(List<String> strings, boolean ignoreEnd) {
        return new Ending(strings, Set.of(), ignoreEnd, 0, false);
    }

    boolean isOwnEnd(ModelInfo model, int token) {
        return !ignoreEnd && model.isEnd(token);
    }

    /** @throws TernException INVALID_ARGUMENT for a token that the model does not have */
    void checkAgainst(ModelInfo model) {
        tokens.forEach(token -> model.requireToken("stop_token_ids", token));
    }
}
