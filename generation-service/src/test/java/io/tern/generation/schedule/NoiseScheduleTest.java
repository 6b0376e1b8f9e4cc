package io.tern.generation.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.TernException;
import io.tern.generation.Golden;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NoiseScheduleTest {
    private static final NoiseSchedule LINEAR = new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02);

    @Test
    void keepsTheSignalThatHoAndOthersKeep() {
        assertThat(LINEAR.alphaBar(0)).isEqualTo(1 - 1e-4);
        assertThat(LINEAR.alphaBar(999)).isCloseTo(4.0358e-5, within(1e-9)); // numpy: 4.035829765375435e-05
        assertThat(LINEAR.level(999).sigma()).isCloseTo(157.40, within(0.01));
    }

    @Test
    void splitsEachLevelIntoSignalAndNoiseOfUnitPower() {
        for (int t = 0; t < 1000; t++) {
            NoiseLevel level = LINEAR.level(t);
            assertThat(Math.hypot(level.signal(), level.noise())).isCloseTo(1, within(1e-12));
            assertThat(level.timestep()).isEqualTo(t);
        }
    }

    @Test
    void growsBetaByItsRootInTheScaledForm() {
        double[] betas = BetaSchedule.SCALED_LINEAR.betas(3, 0.01, 0.09);
        assertThat(betas).containsExactly(new double[] {0.01, 0.04, 0.09}, within(1e-15));
    }

    /** diffusers keeps ᾱ in float32, hence the tolerance. */
    @Test
    void hasTheSigmasOfDiffusers() {
        int compared = 0;
        for (JsonNode golden : Golden.json("samplers.json").get("cases")) {
            TimeGrid grid = SamplersJson.grid(golden);
            // some have none, some say each twice, and those of flows are times
            boolean comparable = golden.get("sigmas").size() == grid.steps() + 1
                    && golden.get("config").has("beta_schedule");
            if (!comparable) {
                continue;
            }
            for (int i = 0; i < grid.steps(); i++) {
                double expected = golden.get("sigmas").get(i).asDouble();
                assertThat(grid.level(i).sigma()).isCloseTo(expected, within(1e-4 * expected));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(2000);
    }

    @Test
    void refusesNumbersThatMakeNoProcess() {
        assertThatThrownBy(() -> new NoiseSchedule(BetaSchedule.LINEAR, 1, 1e-4, 0.02))
                .isInstanceOf(TernException.class)
                .hasMessage("num_train_timesteps: 1 (expected: 2..1000000)");
        assertThatThrownBy(() -> new NoiseSchedule(BetaSchedule.LINEAR, 10, Double.NaN, 0.02))
                .hasMessageContaining("beta_start, beta_end: NaN, 0.02");
        assertThatThrownBy(() -> new NoiseSchedule(BetaSchedule.LINEAR, 10, 0.02, 1))
                .isInstanceOf(TernException.class);
    }
}
