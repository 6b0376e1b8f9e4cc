package io.tern.generation.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.generation.GaussianModel;
import io.tern.generation.Golden;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.SchedulersJson;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Parameterization;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The trajectories of diffusers' schedulers, step by step: all spacings, offsets, ends and parameterizations. */
class SchedulersGoldenTest {
    private static final JsonNode GOLDEN = Golden.json("schedulers.json");
    private static final Map<String, Sampler> SAMPLERS =
            Map.of("DDIMScheduler", new DdimSampler(), "EulerDiscreteScheduler", new EulerSampler());
    /** Relative to the largest value of the state: diffusers computes its schedule in float32. */
    private static final double TOLERANCE = 2e-4;

    static Stream<JsonNode> cases() {
        return GOLDEN.get("cases").valueStream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void endsWhereDiffusersEnds(JsonNode golden) {
        TimeGrid grid = SchedulersJson.schedule(golden.get("config"))
                .grid(golden.get("steps").asInt());
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor start = start(golden, grid, arena);
            FloatTensor end = SAMPLERS.get(golden.get("scheduler").asString())
                    .sample(model(golden), start, new SamplingRun(grid, (_, _) -> {}, (_, _) -> {}, arena));
            float[] expected = Golden.floats(golden.get("after_step").get(String.valueOf(grid.steps() - 1)));
            assertThat(Golden.largestDifference(end.toArray(), expected)).isLessThan(TOLERANCE * largest(expected));
        }
    }

    private static FloatTensor start(JsonNode golden, TimeGrid grid, Arena arena) {
        FloatTensor start = Golden.tensor(arena, Golden.floats(GOLDEN.get("init")));
        if (golden.get("scheduler").asString().equals("EulerDiscreteScheduler")) {
            // diffusers' state is our sample over its signal
            double signal = grid.level(0).signal();
            LinearCombination.scale(start, golden.get("init_noise_sigma").asDouble() * signal, start);
        }
        return start;
    }

    private static GaussianModel model(JsonNode golden) {
        String wanted = golden.get("config").get("prediction_type").asString();
        Parameterization form = Arrays.stream(Parameterization.values())
                .filter(candidate -> candidate.configName().equals(wanted))
                .findFirst()
                .orElseThrow();
        return new GaussianModel(
                Golden.floats(GOLDEN.get("mean")), GOLDEN.get("std").asDouble(), form);
    }

    private static double largest(float[] values) {
        return Golden.largestDifference(values, new float[values.length]);
    }
}
