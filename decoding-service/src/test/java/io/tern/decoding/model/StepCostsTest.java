package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepCostsTest {
    @Test
    void isLinearBetweenAndBeyondThePoints() {
        StepCosts costs = new StepCosts(List.of(1, 2, 4), List.of(1.0, 1.5, 2.5), 9);
        assertThat(costs.of(1)).isEqualTo(1);
        assertThat(costs.of(2)).isEqualTo(1.5);
        assertThat(costs.of(3)).isEqualTo(2);
        assertThat(costs.of(6)).isEqualTo(3.5);
    }

    @Test
    void takesNoMoreTokensForCheaper() {
        assertThat(StepCosts.ofTimes(List.of(1, 2, 3), List.of(10L, 9L, 20L)).costs())
                .containsExactly(1.0, 1.0, 2.0);
        assertThatIllegalArgumentException().isThrownBy(() -> new StepCosts(List.of(1, 2), List.of(1.0, 0.9), 9));
        assertThatIllegalArgumentException().isThrownBy(() -> new StepCosts(List.of(2), List.of(1.0), 9));
    }

    @Test
    void isMeasuredOnceByTheLeastOfSomeRounds(@TempDir Path folder) throws IOException {
        int[] calls = {0};
        // Every third time something else takes a second; the numbers of points and of thirds have no common divisor.
        StepCosts first = new CostProbe(folder, "cpu a")
                .readOr(tokens -> 100 + 10L * tokens + (calls[0]++ % 3 == 0 ? 1_000_000_000 : 0));
        assertThat(first.of(1)).isEqualTo(1);
        assertThat(first.of(32)).isEqualTo((100 + 320) / 110.0);
        assertThat(new CostProbe(folder, "cpu a").readOr(_ -> {
                    throw new AssertionError("measured again");
                }))
                .isEqualTo(first);
        assertThat(new CostProbe(folder, "cpu b").readOr(_ -> 5)).isNotEqualTo(first);
    }
}
