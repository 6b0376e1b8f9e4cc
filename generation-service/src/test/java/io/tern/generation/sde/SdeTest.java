package io.tern.generation.sde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.FlowSchedule;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoisePath;
import io.tern.generation.schedule.NoiseSchedule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SdeTest {
    private static final NoiseSchedule DDPM = new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02);

    /** d mean/dt = f·mean and d variance/dt = 2f·variance + g². Särkkä and Solin 2019, eq. 5.50. */
    @ParameterizedTest
    @EnumSource
    void hasTheMarginalsOfItsDriftAndDiffusion(SdeType type) {
        Sde sde = type.over(DDPM);
        int steps = 200_000;
        double h = 0.9 / steps;
        double mean = sde.marginal(0.1).signal();
        double variance = Math.pow(sde.marginal(0.1).noise(), 2);
        for (int i = 0; i < steps; i++) {
            double middle = 0.1 + (i + 0.5) * h;
            double f = sde.drift(middle);
            double g = sde.diffusion(middle);
            mean *= Math.exp(f * h);
            variance = variance * Math.exp(2 * f * h) + g * g * h * Math.exp(f * h);
        }
        NoiseLevel end = sde.marginal(1);
        assertThat(mean).isCloseTo(end.signal(), within(1e-6 * end.signal()));
        assertThat(Math.sqrt(variance)).isCloseTo(end.noise(), within(1e-5 * end.noise()));
    }

    @ParameterizedTest
    @EnumSource
    void reachesFromTheLeastNoiseToTheMostThatANetworkKnows(SdeType type) {
        for (NoisePath path : List.of(DDPM, new FlowSchedule(1000, 3))) {
            Sde sde = type.over(path);
            double most = path.most().sigma();
            assertThat(sde.marginal(1).sigma()).isCloseTo(most, within(1e-6 * most));
            assertThat(sde.timeOf(path.least().sigma())).isBetween(0.0, 0.05);
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsTheTimeOfEachLevel(SdeType type) {
        Sde sde = type.over(DDPM);
        for (double t = 0.01; t <= 1; t += 0.01) {
            assertThat(sde.timeOf(sde.marginal(t).sigma())).isCloseTo(t, within(1e-9));
        }
    }

    /** With DDPM's own levels the constants are nearly those of Song et al.: 0.1 and 20. */
    @Test
    void isTheLimitOfDdpm() {
        VpSde sde = (VpSde) SdeType.VP.over(DDPM);
        assertThat(sde.beta().max()).isCloseTo(20, within(0.2));
        for (int t = 100; t < 1000; t += 100) {
            assertThat(sde.marginal(t / 999.0).sigma())
                    .isCloseTo(
                            DDPM.level(t).sigma(), within(0.02 * DDPM.level(t).sigma()));
        }
    }

    @Test
    void refusesNumbersThatMakeNoProcess() {
        assertThatThrownBy(() -> new LinearBeta(0, 20)).hasMessageContaining("expected: 0 < min < max");
        assertThatThrownBy(() -> new LinearBeta(0.1, Double.NaN)).hasMessageContaining("expected: 0 < min < max");
        assertThatThrownBy(() -> new VeSde(1, 1)).hasMessageContaining("expected: 0 < sigmaMin < sigmaMax");
    }
}
