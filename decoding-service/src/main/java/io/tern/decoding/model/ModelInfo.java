package io.tern.decoding.model;

import io.tern.base.TernException;
import java.util.List;

/**
 * What a served model is.
 *
 * @param id as in the catalogue
 * @param vocabularySize tokens have ids 0..vocabularySize-1
 * @param logitsWidth numbers of a row of logits: one for each token, but fewer in a model that drafts some tokens only
 * @param hiddenWidth numbers of a hidden state; 0 if it gives none
 * @param contextLength most tokens of prompt and output together
 * @param endTokens ids that end a text
 * @param precision {@code fp32}, {@code fp16}, {@code int8} or {@code int4}
 * @param kvCache how keys and values are kept: {@code float32}, {@code float16} or {@code int8}
 * @param device {@code cpu}
 * @param bitExact whether a token's logits have the same bits in every chunking and draft length, found by a test at load
 * @param trees whether drafts may branch
 * @param sha256 of the file that the weights came from, lower-case hex
 */
public record ModelInfo(
        String id,
        int vocabularySize,
        int logitsWidth,
        int hiddenWidth,
        int contextLength,
        List<Integer> endTokens,
        String precision,
        String kvCache,
        String device,
        boolean bitExact,
        boolean trees,
        String sha256) {
    public ModelInfo {
        if (vocabularySize < 1 || logitsWidth < 1 || hiddenWidth < 0 || contextLength < 1) {
            throw new IllegalArgumentException("vocabularySize, logitsWidth, hiddenWidth, contextLength: "
                    + vocabularySize + ", " + logitsWidth + ", " + hiddenWidth + ", " + contextLength
                    + " (expected: at least 1, 1, 0 and 1)");
        }
        endTokens = List.copyOf(endTokens);
    }

    ModelInfo withBitExact(boolean exact) {
        return new ModelInfo(
                id,
                vocabularySize,
                logitsWidth,
                hiddenWidth,
                contextLength,
                endTokens,
                precision,
                kvCache,
                device,
                exact,
                trees,
                sha256);
    }

    ModelInfo withContextLength(int tokens) {
        return new ModelInfo(
                id,
                vocabularySize,
                logitsWidth,
                hiddenWidth,
                tokens,
                endTokens,
                precision,
                kvCache,
                device,
                bitExact,
                trees,
                sha256);
    }

    /** @throws TernException INVALID_ARGUMENT of that field for a token that the model does not have */
    public void requireToken(String field, int token) {
        TernException.require(token >= 0 && token < vocabularySize, field, token, "0.." + (vocabularySize - 1));
    }

    public boolean isEnd(int token) {
        return endTokens.contains(token);
    }
}
