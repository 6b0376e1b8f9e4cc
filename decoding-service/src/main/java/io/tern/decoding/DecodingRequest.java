package io.tern.decoding;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.sampling.SamplingParameters;
import java.util.List;
import java.util.OptionalInt;

/**
 * One text to write.
 *
 * @param prompt at least one token id
 * @param maxTokens at most so many new tokens; prompt and they fit the context
 * @param stop the text ends before the first of these, at most 16 of 1..256 characters
 * @param ignoreEnd whether to go on after a token that ends the text
 * @param logprobs how many of the likeliest tokens to report at each place, 0..20; absent: no log probabilities
 * @param echo whether the prompt's tokens are reported too
 */
public record DecodingRequest(
        List<Integer> prompt,
        int maxTokens,
        SamplingParameters sampling,
        List<String> stop,
        boolean ignoreEnd,
        Speculation speculation,
        OptionalInt logprobs,
        boolean echo) {
    private static final int MOST_STOPS = 16;
    private static final int LONGEST_STOP = 256;
    private static final int MOST_LOGPROBS = 20;

    public DecodingRequest {
        prompt = List.copyOf(prompt);
        stop = List.copyOf(stop);
        require(!prompt.isEmpty(), "prompt", "no tokens", "at least one token");
        require(maxTokens >= 1, "max_tokens", maxTokens, "at least 1");
        require(stop.size() <= MOST_STOPS, "stop", stop.size() + " strings", "at most " + MOST_STOPS);
        for (String text : stop) {
            require(
                    !text.isEmpty() && text.length() <= LONGEST_STOP,
                    "stop",
                    text.length() + " characters",
                    "1.." + LONGEST_STOP + " characters");
        }
        int top = logprobs.orElse(0);
        require(top >= 0 && top <= MOST_LOGPROBS, "logprobs", top, "0.." + MOST_LOGPROBS);
    }

    /** Greedy, without stop strings, drafts or reports. */
    public static DecodingRequest greedy(List<Integer> prompt, int maxTokens) {
        return new DecodingRequest(
                prompt,
                maxTokens,
                SamplingParameters.greedy(),
                List.of(),
                false,
                Speculation.off(),
                OptionalInt.empty(),
                false);
    }

    /** @throws TernException INVALID_ARGUMENT if the model cannot carry this out */
    public void checkAgainst(ModelInfo model) {
        int vocabulary = model.vocabularySize();
        for (int token : prompt) {
            require(token >= 0 && token < vocabulary, "token_ids", token, "0.." + (vocabulary - 1));
        }
        int room = model.contextLength() - prompt.size();
        require(room >= 1, "prompt", prompt.size() + " tokens", "at most " + (model.contextLength() - 1) + " tokens");
        require(
                maxTokens <= room,
                "max_tokens",
                maxTokens,
                "1.." + room + ": the context of " + model.contextLength() + " less the prompt");
        sampling.checkVocabulary(vocabulary);
    }
}
