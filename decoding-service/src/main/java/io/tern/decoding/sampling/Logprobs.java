package io.tern.decoding.sampling;

import java.util.List;

/**
 * Log probabilities at one position.
 *
 * @param logprob of the token that stands there
 * @param rank of the token: how many are at least so likely as it, itself included
 * @param top the likeliest tokens, the likeliest first
 */
public record Logprobs(double logprob, int rank, List<TokenLogprob> top) {
    public Logprobs {
        top = List.copyOf(top);
    }
}
