package io.tern.decoding;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.grammar.TokenGrammar;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.sampling.Constraint;
import io.tern.decoding.sampling.SamplingParameters;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One text to write.
 *
 * @param prompt at least one token id
 * @param maxTokens at most so many new tokens, which may be none if the prompt is echoed; prompt and they fit the context
 * @param stop the text ends before the first of these, at most 16 of 1..256 characters
 * @param stopTokens further tokens that end the text, at most 16
 * @param ignoreEnd whether to go on after a token that ends the text
 * @param logprobs how many of the likeliest tokens to report at each place, 0..20; absent: no log probabilities
 * @param echo whether the prompt's tokens are reported too
 * @param grammar what the text has to be; null: anything
 * @param shownTokens control tokens that are part of the text all the same
 */
public record DecodingRequest(
        List<Integer> prompt,
        int maxTokens,
        SamplingParameters sampling,
        List<String> stop,
        Set<Integer> stopTokens,
        boolean ignoreEnd,
        Speculation speculation,
        OptionalInt logprobs,
        boolean echo,
        @Nullable TokenGrammar grammar,
        Set<Integer> shownTokens) {
    private static final int MOST_STOPS = 16;
    private static final int LONGEST_STOP = 256;
    private static final int MOST_LOGPROBS = 20;

    public DecodingRequest {
        prompt = List.copyOf(prompt);
        stop = List.copyOf(stop);
        stopTokens = Set.copyOf(stopTokens);
        shownTokens = Set.copyOf(shownTokens);
        require(!prompt.isEmpty(), "prompt", "no tokens", "at least one token");
        require(maxTokens >= (echo ? 0 : 1), "max_tokens", maxTokens, "at least 1, or 0 with echo");
        require(stop.size() <= MOST_STOPS, "stop", stop.size() + " strings", "at most " + MOST_STOPS);
        for (String text : stop) {
            require(
                    !text.isEmpty() && text.length() <= LONGEST_STOP,
                    "stop",
                    text.length() + " characters",
                    "1.." + LONGEST_STOP + " characters");
        }
        require(stopTokens.size() <= MOST_STOPS, "stop_token_ids", stopTokens.size() + " ids", "at most " + MOST_STOPS);
        require(grammar == null || !ignoreEnd, "ignore_eos", true, "false where the text has a form, which has an end");
        int top = logprobs.orElse(0);
        require(top >= 0 && top <= MOST_LOGPROBS, "logprobs", top, "0.." + MOST_LOGPROBS);
    }

    /** A text of any form, ended by its model's own end tokens. */
    public DecodingRequest(
            List<Integer> prompt,
            int maxTokens,
            SamplingParameters sampling,
            List<String> stop,
            boolean ignoreEnd,
            Speculation speculation,
            OptionalInt logprobs,
            boolean echo) {
        this(prompt, maxTokens, sampling, stop, Set.of(), ignoreEnd, speculation, logprobs, echo, null, Set.of());
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

    /** The constraint of a text that is begun. */
    Constraint constraint() {
        return grammar == null ? Constraint.NONE : grammar.open();
    }

    /** @throws TernException INVALID_ARGUMENT if the model cannot carry this out */
    public void checkAgainst(ModelInfo model) {
        int vocabulary = model.vocabularySize();
        for (int token : prompt) {
            require(token >= 0 && token < vocabulary, "token_ids", token, "0.." + (vocabulary - 1));
        }
        for (int token : stopTokens) {
            require(token >= 0 && token < vocabulary, "stop_token_ids", token, "0.." + (vocabulary - 1));
        }
        int room = model.contextLength() - prompt.size();
        require(room >= 1, "prompt", prompt.size() + " tokens", "at most " + (model.contextLength() - 1) + " tokens");
        require(
                maxTokens <= room,
                "max_tokens",
                maxTokens,
                "1.." + room + ": the context of " + model.contextLength() + " less the prompt");
        require(
                !speculation.tree() || model.trees(),
                "speculation.tree",
                true,
                "false: nothing tells the attention of this model's graph of branches");
        sampling.checkVocabulary(vocabulary);
    }
}
