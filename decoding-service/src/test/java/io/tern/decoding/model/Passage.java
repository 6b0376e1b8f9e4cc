package io.tern.decoding.model;

import io.tern.base.Cancellation;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/**
 * A passage of 512 tokens, and what transformers says of it with the same weights in float32.
 *
 * @param ids of its tokens
 * @param top the reference's first choice after each
 * @param negativeLogLikelihood of the whole, natural logarithm
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Passage(int[] ids, int[] top, double negativeLogLikelihood, double perplexity) {
    private static final int CHUNK = 128;

    static Passage read() {
        JsonNode reference = Golden.read("perplexity.json");
        return new Passage(
                Golden.ids(reference.get("ids")),
                Golden.ids(reference.get("top1")),
                reference.get("total_nll").asDouble(),
                reference.get("perplexity").asDouble());
    }

    /** @param topAgreement the share of tokens after which the first choice is the reference's */
    record Score(double negativeLogLikelihood, double perplexity, double topAgreement) {}

    Score score(LanguageModel model) {
        double sum = 0;
        int agreed = 0;
        try (KvCache cache = model.newCache(ids.length)) {
            for (int begin = 0; begin < ids.length; begin += CHUNK) {
                int[] chunk = Arrays.copyOfRange(ids, begin, begin + CHUNK);
                Logits logits = model.forward(cache, chunk, CHUNK, Cancellation.none());
                for (int row = 0; row < CHUNK; row++) {
                    agreed += logits.argMax(row) == top[begin + row] ? 1 : 0;
                    sum += begin + row + 1 < ids.length ? surprise(logits, row, ids[begin + row + 1]) : 0;
                }
                cache.commit(CHUNK);
            }
        }
        return new Score(sum, Math.exp(sum / (ids.length - 1)), (double) agreed / ids.length);
    }

    /** -log of the token's probability. */
    private static double surprise(Logits logits, int row, int token) {
        float[] values = new float[logits.vocabularySize()];
        logits.copyRow(row, values);
        float greatest = values[logits.argMax(row)];
        double sum = 0;
        for (float value : values) {
            sum += Math.exp(value - greatest);
        }
        return greatest + Math.log(sum) - values[token];
    }
}
