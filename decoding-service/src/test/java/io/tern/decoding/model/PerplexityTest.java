package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tern.base.Cancellation;
import io.tern.decoding.convert.Precision;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A passage of 512 tokens against transformers with the same weights in float32. */
@ExtendWith(SmolLm.Provider.class)
class PerplexityTest {
    private static final int CHUNK = 128;

    private final JsonNode reference = Golden.read("perplexity.json");
    private final int[] ids = Golden.ids(reference.get("ids"));
    private final int[] top = Golden.ids(reference.get("top1"));

    @Test
    void isTheReferencesInFp32(SmolLm smolLm) {
        Score score = score(smolLm.model(Precision.FP32));
        double expected = reference.get("total_nll").asDouble();
        assertThat(score.negativeLogLikelihood).isCloseTo(expected, within(0.01));
        assertThat(score.topAgreement).isEqualTo(1);
    }

    @Test
    void isWithinOnePercentInInt8(SmolLm smolLm) {
        Score score = score(smolLm.model(Precision.INT8));
        double perplexity = Math.exp(score.negativeLogLikelihood / (ids.length - 1));
        assertThat(perplexity).isCloseTo(reference.get("perplexity").asDouble(), withinPercentage(1));
        assertThat(score.topAgreement).isBetween(0.95, 0.9999);
    }

    /** The file's own weights are 4 bits, which are kept as they are. */
    @Test
    void isCloserStillInInt4(SmolLm smolLm) {
        Score score = score(smolLm.model(Precision.INT4));
        double perplexity = Math.exp(score.negativeLogLikelihood / (ids.length - 1));
        assertThat(perplexity).isCloseTo(reference.get("perplexity").asDouble(), withinPercentage(0.5));
        assertThat(score.topAgreement).isBetween(0.95, 0.9999);
    }

    private record Score(double negativeLogLikelihood, double topAgreement) {}

    private Score score(LanguageModel model) {
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
        return new Score(sum, (double) agreed / ids.length);
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
