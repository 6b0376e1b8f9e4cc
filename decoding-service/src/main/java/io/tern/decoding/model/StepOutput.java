package io.tern.decoding.model;

/**
 * What a forward gives.
 *
 * @param logits of the last rows, as many as were asked for
 * @param hidden of all tokens of the forward
 */
public record StepOutput(Logits logits, HiddenStates hidden) {}
