package io.tern.generation.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BetaQuantileTest {
    @Test
    void isKnownWhereTheIntegralIs() {
        for (double share = 0; share <= 1; share += 0.01) {
            double angle = Math.sin(Math.PI * share / 2);
            assertThat(BetaQuantile.of(share, 1, 1)).isCloseTo(share, within(1e-9));
            assertThat(BetaQuantile.of(share, 2, 1)).isCloseTo(Math.sqrt(share), within(1e-9));
            assertThat(BetaQuantile.of(share, 0.5, 0.5)).isCloseTo(angle * angle, within(1e-9));
        }
    }

    @Test
    void isSymmetricWhereTheDistributionIs() {
        assertThat(BetaQuantile.of(0.5, 0.6, 0.6)).isCloseTo(0.5, within(1e-9));
        for (double share = 0.01; share < 0.5; share += 0.01) {
            double mirrored = 1 - BetaQuantile.of(1 - share, 0.6, 0.6);
            assertThat(BetaQuantile.of(share, 0.6, 0.6)).isCloseTo(mirrored, within(1e-10));
        }
    }
}
