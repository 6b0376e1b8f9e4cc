package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class NativeLogitsTest {
    private static final float LEAST = Float.NEGATIVE_INFINITY;

    @Test
    void choosesTheGreatestOfItsRowAndOfEqualOnesTheSmallestId() {
        Logits logits = logits(9, 1, 1, LEAST, -0f, 0, -5, -7, -5);
        assertThat(logits.argMax(0)).isZero();
        assertThat(logits.argMax(1)).isEqualTo(1);
        assertThat(logits.argMax(2)).isZero();
    }

    @Test
    void complainsOfARowThatHasNoGreatestNumber() {
        Logits logits = logits(Float.NaN, 1, 2, 1, 2, Float.NaN, LEAST, LEAST, LEAST, 1, Float.POSITIVE_INFINITY, 2);
        for (int row = 0; row < logits.rows(); row++) {
            int broken = row;
            assertThatExceptionOfType(TernException.class)
                    .as("row " + row)
                    .isThrownBy(() -> logits.argMax(broken))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR));
        }
    }

    private static Logits logits(float... values) {
        return new NativeLogits(MemorySegment.ofArray(values), values.length / 3, 3);
    }
}
