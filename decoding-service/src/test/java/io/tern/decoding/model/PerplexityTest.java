package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tern.decoding.convert.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A passage of 512 tokens against transformers with the same weights in float32. */
@ExtendWith(SmolLm.Provider.class)
class PerplexityTest {
    private final Passage passage = Passage.read();

    @Test
    void isTheReferencesInFp32(SmolLm smolLm) {
        Passage.Score score = passage.score(smolLm.model(Precision.FP32));
        assertThat(score.negativeLogLikelihood()).isCloseTo(passage.negativeLogLikelihood(), within(0.01));
        assertThat(score.topAgreement()).isEqualTo(1);
    }

    @Test
    void isWithinOnePercentInInt8(SmolLm smolLm) {
        Passage.Score score = passage.score(smolLm.model(Precision.INT8));
        assertThat(score.perplexity()).isCloseTo(passage.perplexity(), withinPercentage(1));
        assertThat(score.topAgreement()).isBetween(0.95, 0.9999);
    }

    /** The file's own weights are 4 bits, which are kept as they are. */
    @Test
    void isCloserStillInInt4(SmolLm smolLm) {
        Passage.Score score = passage.score(smolLm.model(Precision.INT4));
        assertThat(score.perplexity()).isCloseTo(passage.perplexity(), withinPercentage(0.5));
        assertThat(score.topAgreement()).isBetween(0.95, 0.9999);
    }
}
