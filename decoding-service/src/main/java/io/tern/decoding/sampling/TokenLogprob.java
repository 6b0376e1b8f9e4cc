package io.tern.decoding.sampling;

/** @param logprob natural logarithm of the token's probability */
public record TokenLogprob(int token, double logprob) {}
