package io.tern.generation.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.generation.Golden;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassifierFreeGuidanceTest {
    @Test
    void callsTheNetworkOnceWithTheSampleInBothRows() {
        try (Arena arena = Arena.ofConfined()) {
            List<float[]> calls = new ArrayList<>();
            Network pair = (x, timestep) -> {
                calls.add(x.toArray());
                assertThat(timestep).isEqualTo(949.0);
                assertThat(x.shape()).isEqualTo(Shape.of(2, 2));
                return rows(arena, 1, 2, 5, 0);
            };
            Network guided = new ClassifierFreeGuidance(pair, new Guidance(3, 0), Shape.of(1, 2), arena);
            FloatTensor out = guided.predict(Golden.tensor(arena, 7, 8), 949);
            assertThat(calls).hasSize(1);
            assertThat(calls.getFirst()).containsExactly(7, 8, 7, 8);
            assertThat(out.toArray()).containsExactly(1 + 3 * (5 - 1), 2 + 3 * (0 - 2));
        }
    }

    @Test
    void changesNothingWhereThePromptDoesNot() {
        try (Arena arena = Arena.ofConfined()) {
            Network pair = (_, _) -> rows(arena, 0.1f, -3e7f, 0.1f, -3e7f);
            Network guided = new ClassifierFreeGuidance(pair, new Guidance(29.7, 0), Shape.of(1, 2), arena);
            assertThat(guided.predict(Golden.tensor(arena, 0, 0), 1).toArray()).containsExactly(0.1f, -3e7f);
        }
    }

    /** From a deviation of 2 half the way to the prompted one of 1. */
    @Test
    void takesTheContrastBackAsFarAsItIsTold() {
        try (Arena arena = Arena.ofConfined()) {
            Network pair = (_, _) -> rows(arena, 0.5f, -0.5f, 1, -1);
            Network guided = new ClassifierFreeGuidance(pair, new Guidance(3, 0.5), Shape.of(1, 2), arena);
            assertThat(guided.predict(Golden.tensor(arena, 0, 0), 1).toArray()).containsExactly(1.5f, -1.5f);
        }
    }

    @Test
    void leavesAConstantOutputAlone() {
        try (Arena arena = Arena.ofConfined()) {
            Network pair = (_, _) -> rows(arena, 1, 1, 2, 2);
            Network guided = new ClassifierFreeGuidance(pair, new Guidance(3, 1), Shape.of(1, 2), arena);
            assertThat(guided.predict(Golden.tensor(arena, 0, 0), 1).toArray()).containsExactly(4, 4);
        }
    }

    private static FloatTensor rows(Arena arena, float... values) {
        return FloatTensor.copyOf(arena, Shape.of(2, 2), values);
    }
}
