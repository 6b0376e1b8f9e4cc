package io.tern.generation.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplingScheduleTest {
    private static final NoiseSchedule TRAINING = new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02);

    @Test
    void beginsAtTheLastTrainingStepWhenTrailing() {
        TimeGrid grid = of(TimestepSpacing.TRAILING).grid(20, Stops.TRAINING_STEPS, null);
        assertThat(grid.level(0).timestep()).isEqualTo(999);
        assertThat(grid.level(1).timestep()).isEqualTo(949);
        assertThat(grid.level(19).timestep()).isEqualTo(49);
        assertThat(grid.level(20)).isEqualTo(NoiseLevel.CLEAN);
    }

    @ParameterizedTest
    @EnumSource
    void fallsStrictlyForEveryNumberOfSteps(TimestepSpacing spacing) {
        for (Stops stops : Stops.values()) {
            int most = stops == Stops.DISTILLED ? 50 : 999;
            for (int steps = 1; steps <= most; steps += 1 + steps / 20) {
                List<NoiseLevel> levels = of(spacing).grid(steps, stops, null).levels();
                assertThat(levels).hasSize(steps + 1);
                for (int i = 1; i < steps; i++) {
                    assertThat(levels.get(i).timestep())
                            .isLessThan(levels.get(i - 1).timestep());
                }
            }
        }
    }

    @Test
    void refusesMoreStepsThanTheModelLearnt() {
        assertThatThrownBy(() -> of(TimestepSpacing.TRAILING).grid(1001, Stops.TRAINING_STEPS, null))
                .isInstanceOf(TernException.class)
                .hasMessage("steps: 1001 (expected: 1..1000, the steps that the model learnt)");
        assertThatThrownBy(() -> of(TimestepSpacing.TRAILING).grid(0, Stops.TRAINING_STEPS, null))
                .isInstanceOf(TernException.class);
    }

    @Test
    void refusesAGridThatGainsNoise() {
        assertThatThrownBy(() -> new TimeGrid(List.of(TRAINING.level(3), TRAINING.level(4)), TRAINING))
                .hasMessageContaining("expected: no more noise");
        assertThatThrownBy(() -> new TimeGrid(List.of(NoiseLevel.CLEAN), TRAINING))
                .hasMessageContaining("expected: 2 or more");
    }

    private static SamplingSchedule of(TimestepSpacing spacing) {
        return new DiscreteSchedule(TRAINING, spacing, 0, NoiseLevel.CLEAN);
    }
}
