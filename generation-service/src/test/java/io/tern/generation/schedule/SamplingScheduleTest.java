package io.tern.generation.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.generation.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class SamplingScheduleTest {
    private static final NoiseSchedule TRAINING = new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02);

    @Test
    void visitsTheTimestepsOfDiffusers() {
        for (JsonNode golden : Golden.json("schedulers.json").get("cases")) {
            TimeGrid grid = SchedulersJson.schedule(golden.get("config"))
                    .grid(golden.get("steps").asInt());
            assertThat(grid.levels().stream().limit(grid.steps()).map(NoiseLevel::timestep))
                    .as(golden.get("config").toString())
                    .containsExactlyElementsOf(golden.get("timesteps")
                            .valueStream()
                            .map(JsonNode::asDouble)
                            .toList());
        }
    }

    @Test
    void beginsAtTheLastTrainingStepWhenTrailing() {
        TimeGrid grid = of(TimestepSpacing.TRAILING).grid(20);
        assertThat(grid.level(0).timestep()).isEqualTo(999);
        assertThat(grid.level(1).timestep()).isEqualTo(949);
        assertThat(grid.level(19).timestep()).isEqualTo(49);
        assertThat(grid.level(20)).isEqualTo(NoiseLevel.CLEAN);
    }

    @ParameterizedTest
    @EnumSource
    void fallsStrictlyForEveryNumberOfSteps(TimestepSpacing spacing) {
        for (int steps = 1; steps <= 1000; steps++) {
            List<NoiseLevel> levels = of(spacing).grid(steps).levels();
            assertThat(levels).hasSize(steps + 1);
            for (int i = 1; i < steps; i++) {
                assertThat(levels.get(i).timestep())
                        .isLessThan(levels.get(i - 1).timestep());
            }
        }
    }

    @Test
    void refusesMoreStepsThanTheModelLearnt() {
        assertThatThrownBy(() -> of(TimestepSpacing.TRAILING).grid(1001))
                .isInstanceOf(TernException.class)
                .hasMessage("steps: 1001 (expected: 1..1000, the steps that the model learnt)");
        assertThatThrownBy(() -> of(TimestepSpacing.TRAILING).grid(0)).isInstanceOf(TernException.class);
    }

    @Test
    void refusesAGridThatGainsNoise() {
        assertThatThrownBy(() -> new TimeGrid(List.of(TRAINING.level(3), TRAINING.level(4))))
                .hasMessageContaining("expected: no more noise");
        assertThatThrownBy(() -> new TimeGrid(List.of(NoiseLevel.CLEAN))).hasMessageContaining("expected: 2 or more");
    }

    private static SamplingSchedule of(TimestepSpacing spacing) {
        return new SamplingSchedule(TRAINING, spacing, 0, NoiseLevel.CLEAN);
    }
}
