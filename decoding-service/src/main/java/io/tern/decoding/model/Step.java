package io.tern.decoding.model;

/**
 * One run of the model: a part of a chain of tokens.
 *
 * @param begin where the step's tokens begin in the chain
 * @param tokens how many
 * @param rows how many of the last of them have their logits computed
 * @param minimum fewest tokens, and fewest rows unless none, that the kernels are given: the last is repeated
 */
record Step(int begin, int tokens, int rows, int minimum) {
    int paddedTokens() {
        return Math.max(tokens, minimum);
    }

    int paddedRows() {
        return rows == 0 ? 0 : Math.max(rows, minimum);
    }
}
