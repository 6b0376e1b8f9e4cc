package io.tern.generation.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.generation.Golden;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class LinearCombinationTest {
    private final Arena arena = Arena.ofAuto();

    @Test
    void roundsEachProductAndTheSumToFloat32() {
        FloatTensor x = Golden.tensor(arena, 0.1f, 1e8f);
        FloatTensor y = Golden.tensor(arena, 0.7f, 3);
        FloatTensor out = Golden.tensor(arena, 0, 0);
        LinearCombination.combine(out, 1 / 3.0, x, Math.PI, y);
        float third = (float) (1 / 3.0);
        float pi = (float) Math.PI;
        assertThat(out.toArray()).containsExactly(third * 0.1f + pi * 0.7f, third * 1e8f + pi * 3);
    }

    @Test
    void mayWriteIntoAnInput() {
        FloatTensor x = Golden.tensor(arena, 1, 2, 3);
        FloatTensor y = Golden.tensor(arena, 10, 20, 30);
        LinearCombination.combine(x, 2, x, 1, y);
        assertThat(x.toArray()).containsExactly(12, 24, 36);
        LinearCombination.towards(x, x, 0.5, y);
        assertThat(x.toArray()).containsExactly(11, 22, 33);
        LinearCombination.scale(x, -1, x);
        assertThat(x.toArray()).containsExactly(-11, -22, -33);
    }

    @Test
    void refusesTensorsOfDifferentSizes() {
        FloatTensor two = Golden.tensor(arena, 1, 2);
        FloatTensor three = Golden.tensor(arena, 1, 2, 3);
        assertThatThrownBy(() -> LinearCombination.combine(two, 1, two, 1, three))
                .hasMessageContaining("[1, 3] (expected: as many as [1, 2])");
        assertThatThrownBy(() -> LinearCombination.scale(three, 1, two)).isInstanceOf(IllegalArgumentException.class);
    }
}
