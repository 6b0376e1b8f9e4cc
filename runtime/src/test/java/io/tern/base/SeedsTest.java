package io.tern.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedsTest {
    private static final long GREATEST_EXACT_IN_JAVASCRIPT = (1L << 53) - 1;

    @Test
    void everySeedFitsIntoAJavaScriptNumber() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(Seeds.draw()).isBetween(0L, GREATEST_EXACT_IN_JAVASCRIPT);
            assertThat(Seeds.of("job " + i)).isBetween(0L, GREATEST_EXACT_IN_JAVASCRIPT);
        }
    }

    @Test
    void aTextHasOneSeed() {
        assertThat(Seeds.of("a")).isEqualTo(Seeds.of("a")).isNotEqualTo(Seeds.of("b"));
    }
}
