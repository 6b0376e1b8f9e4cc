package io.tern.decoding.sampling;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import java.util.Map;

/**
 * How tokens are chosen. A wrong value is the caller's, so it is refused with the name of its field.
 *
 * @param temperature 0..2; 0 is greedy
 * @param topP above 0..1; only the likeliest tokens whose probabilities reach this sum
 * @param topK at least 0; only so many of the likeliest tokens, 0 is all
 * @param minP 0..1; only tokens at least so likely as this share of the likeliest one
 * @param repetitionPenalty above 0..10; of tokens in prompt or output; 1 changes nothing
 * @param presencePenalty -2..2; of tokens in the output
 * @param frequencyPenalty -2..2; of tokens in the output, for each time
 * @param logitBias -100..100 by token id; at most 1,024
 * @param seed decides all draws; at least 0
 */
public record SamplingParameters(
        double temperature,
        double topP,
        int topK,
        double minP,
        double repetitionPenalty,
        double presencePenalty,
        double frequencyPenalty,
        Map<Integer, Double> logitBias,
        long seed) {
    private static final int MOST_BIASES = 1024;

    public SamplingParameters {
        // Written so that NaN fails too.
        require(temperature >= 0 && temperature <= 2, "temperature", temperature, "0..2");
        require(topP > 0 && topP <= 1, "top_p", topP, "above 0..1");
        require(topK >= 0, "top_k", topK, "0..the vocabulary");
        require(minP >= 0 && minP <= 1, "min_p", minP, "0..1");
        require(
                repetitionPenalty > 0 && repetitionPenalty <= 10,
                "repetition_penalty",
                repetitionPenalty,
                "above 0..10");
        require(presencePenalty >= -2 && presencePenalty <= 2, "presence_penalty", presencePenalty, "-2..2");
        require(frequencyPenalty >= -2 && frequencyPenalty <= 2, "frequency_penalty", frequencyPenalty, "-2..2");
        require(seed >= 0, "seed", seed, "0..2^63-1");
        require(logitBias.size() <= MOST_BIASES, "logit_bias", logitBias.size() + " entries", "at most " + MOST_BIASES);
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach((token, bias) -> {
            require(bias >= -100 && bias <= 100, "logit_bias", bias, "-100..100");
            require(token >= 0, "logit_bias", token, "a token id");
        });
    }

    /** The likeliest token each time, nothing changed. */
    public static SamplingParameters greedy() {
        return new SamplingParameters(0, 1, 0, 0, 1, 0, 0, Map.of(), 0);
    }

    /** Draws from the model's own distribution. */
    public static SamplingParameters plain(long seed) {
        return new SamplingParameters(1, 1, 0, 0, 1, 0, 0, Map.of(), seed);
    }

    public boolean isGreedy() {
        return temperature == 0;
    }

    /** Whether what was said before changes the logits. */
    public boolean hasPenalties() {
        return repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0;
    }

    /** @throws TernException INVALID_ARGUMENT if a value points beyond the vocabulary */
    public void checkVocabulary(int size) {
        require(topK <= size, "top_k", topK, "0.." + size);
        logitBias.keySet().forEach(token -> require(token < size, "logit_bias", token, "token ids 0.." + (size - 1)));
    }
}
