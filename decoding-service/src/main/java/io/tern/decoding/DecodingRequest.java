package io.tern.decoding;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.grammar.TokenGrammar;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.sampling.Constraint;
import io.tern.decoding.sampling.MinTokens;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.sampling.TokenLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One text to write.
 *
 * @param prompt at least one token id
 * @param maxTokens at most so many new tokens, which may be none if the prompt is echoed; prompt and they fit the context
 * @param limits which tokens may come
 * @param ending when the text ends; after {@code maxTokens} at least
 * @param logprobs how many of the likeliest tokens to report at each place, 0..20; absent: no log probabilities
 * @param promptLogprobs the same for the prompt's tokens; absent: as many as of the output, if it is echoed
 * @param echo whether the prompt's tokens are reported too
 * @param grammar what the text has to be; null: anything
 * @param shownTokens control tokens that are part of the text all the same
 */
public record DecodingRequest(
        List<Integer> prompt,
        int maxTokens,
        SamplingParameters sampling,
        TokenLimits limits,
        Ending ending,
        Speculation speculation,
        OptionalInt logprobs,
        OptionalInt promptLogprobs,
        boolean echo,
        @Nullable TokenGrammar grammar,
        Set<Integer> shownTokens) {
    private static final int MOST_LOGPROBS = 20;

    public DecodingRequest {
        prompt = List.copyOf(prompt);
        shownTokens = Set.copyOf(shownTokens);
        require(!prompt.isEmpty(), "prompt", "no tokens", "at least one token");
        require(maxTokens >= (echo ? 0 : 1), "max_tokens", maxTokens, "at least 1, or 0 with echo");
        require(
                ending.minTokens() <= maxTokens,
                "min_tokens",
                ending.minTokens(),
                "0.." + maxTokens + ", which is max_tokens");
        require(
                grammar == null || !ending.ignoreEnd(),
                "ignore_eos",
                true,
                "false where the text has a form, which has an end");
        checkLogprobs("logprobs", logprobs);
        checkLogprobs("prompt_logprobs", promptLogprobs);
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
        this(
                prompt,
                maxTokens,
                sampling,
                TokenLimits.NONE,
                Ending.of(stop, ignoreEnd),
                speculation,
                logprobs,
                OptionalInt.empty(),
                echo,
                null,
                Set.of());
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

    private static void checkLogprobs(String field, OptionalInt count) {
        int top = count.orElse(0);
        require(top >= 0 && top <= MOST_LOGPROBS, field, top, "0.." + MOST_LOGPROBS);
    }

    /** What may come in a text that is begun. */
    Constraint constraint(ModelInfo model) {
        List<Constraint> parts = new ArrayList<>();
        if (grammar != null) {
            parts.add(grammar.open());
        }
        parts.addAll(limits.open());
        if (ending.minTokens() > 0) {
            parts.add(new MinTokens(
                    ending.minTokens(), ends(model).mapToInt(Integer::intValue).toArray()));
        }
        return Constraint.all(parts, limits.allowed().isEmpty() ? "bad_words" : "allowed_token_ids");
    }

    /** Tokens that end this text, ignored ones included. */
    private Stream<Integer> ends(ModelInfo model) {
        return Stream.concat(model.endTokens().stream(), ending.tokens().stream())
                .distinct();
    }

    /**
     * How many of the likeliest tokens are told with each of the prompt, as many as either way of asking wants; absent: its
     * tokens are not scored.
     */
    OptionalInt promptScores() {
        return Stream.of(promptLogprobs, echo ? logprobs : OptionalInt.empty())
                .flatMapToInt(OptionalInt::stream)
                .max();
    }

    /** Whether the prompt's tokens are reported. */
    boolean showsPrompt() {
        return echo || promptLogprobs.isPresent();
    }

    /** @throws TernException INVALID_ARGUMENT if the model cannot carry this out */
    public void checkAgainst(ModelInfo model) {
        int vocabulary = model.vocabularySize();
        prompt.forEach(token -> model.requireToken("token_ids", token));
        ending.checkAgainst(model);
        limits.checkVocabulary(vocabulary);
        require(
                limits.allowed().isEmpty()
                        || ending.minTokens() == 0
                        || !ends(model).toList().containsAll(limits.allowed()),
                "allowed_token_ids",
                "only tokens that end the text",
                "another one with min_tokens");
        int least = Math.min(maxTokens, 1);
        int room = model.contextLength() - prompt.size();
        require(
                room >= least,
                "prompt",
                prompt.size() + " tokens",
                "at most " + (model.contextLength() - least) + " tokens");
        require(
                maxTokens <= room,
                "max_tokens",
                maxTokens,
                least + ".." + room + ": the context of " + model.contextLength() + " less the prompt");
        require(
                !speculation.tree() || model.trees(),
                "speculation.tree",
                true,
                "false: nothing tells the attention of this model's graph of branches");
        sampling.checkVocabulary(vocabulary);
    }
}
