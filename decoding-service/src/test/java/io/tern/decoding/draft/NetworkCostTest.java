package io.tern.decoding.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NetworkCostTest {
    private final NetworkCost cost = new NetworkCost(0.2, 0.05);

    @Test
    void isTheLeastThatWasSeen() {
        cost.observe(0.3, 3, 1);
        assertThat(cost.token()).isCloseTo(0.1, within(1e-12));
        cost.observe(5, 1, 1); // beside other work
        assertThat(cost.token()).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void tellsReadingFromDrafting() {
        cost.observe(0.2 + 64 * 0.01, 1, 64);
        assertThat(cost.reading()).isCloseTo(0.01, within(1e-12));
        assertThat(cost.token()).isEqualTo(0.2);
    }

    @Test
    void aTokenReadCostsNoMoreThanOneDrafted() {
        assertThat(new NetworkCost(0.04, Double.POSITIVE_INFINITY).reading()).isEqualTo(0.04);
    }
}
