package io.tern.generation.sampler;

import io.tern.generation.Golden;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.SamplersJson;
import io.tern.generation.schedule.TimeGrid;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The trajectories of diffusers' schedulers, call by call: all methods, spacings, schedules, ends and parameterizations.
 * Left out is where diffusers is not what it says: the third order of its SDE solver has ½ with the wrong sign.
 */
class SamplersGoldenTest {
    private static final JsonNode GOLDEN = Golden.json("samplers.json");

    static Stream<JsonNode> cases() {
        return GOLDEN.get("cases").valueStream().filter(golden -> !hasWrongSign(golden));
    }

    private static boolean hasWrongSign(JsonNode golden) {
        JsonNode config = golden.get("config");
        return config.path("algorithm_type").asString("").equals("sde-dpmsolver++")
                && config.path("solver_order").asInt(2) == 3;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void walksTheTrajectoryOfDiffusers(JsonNode golden) {
        GoldenModel model = new GoldenModel(GOLDEN, golden);
        TimeGrid grid = SamplersJson.grid(golden);
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor end = SamplersJson.stepsByItself(golden)
                    ? walkStepByStep(golden, model, grid, arena)
                    : sampler(golden).sample(model, start(golden, grid.level(0), arena), run(grid, arena));
            model.requireEnd(end);
        }
    }

    /** Where diffusers' next step does not begin at the level at which the last one ended. */
    private static FloatTensor walkStepByStep(JsonNode golden, GoldenModel model, TimeGrid grid, Arena arena) {
        FloatTensor x = start(golden, grid.level(0), arena);
        for (int i = 0; i < grid.steps(); i++) {
            TimeGrid one = SamplersJson.oneStep(golden, i);
            x = sampler(golden).sample(model, x, run(one, arena));
        }
        return x;
    }

    private static FloatTensor start(JsonNode golden, NoiseLevel first, Arena arena) {
        FloatTensor start = Golden.tensor(arena, Golden.floats(GOLDEN.get("init")));
        boolean sigmas = GoldenModel.isInSigmas(golden.get("scheduler").asString());
        double scale = golden.get("init_noise_sigma").asDouble() * (sigmas ? first.signal() : 1);
        LinearCombination.scale(start, scale, start);
        return start;
    }

    private static SamplingRun run(TimeGrid grid, Arena arena) {
        return new SamplingRun(
                grid,
                (draw, into) -> into.copyFrom(
                        Golden.tensor(arena, Golden.floats(GOLDEN.get("noise").get(draw - 1)))),
                (_, _) -> {},
                arena);
    }

    private static Sampler sampler(JsonNode golden) {
        JsonNode config = golden.get("config");
        int order = config.path("solver_order").asInt(2);
        return switch (golden.get("scheduler").asString()) {
            case "DPMSolverMultistepScheduler" ->
                switch (config.path("algorithm_type").asString("dpmsolver++")) {
                    case "dpmsolver" -> new DpmSolverSampler(order);
                    case "sde-dpmsolver++" -> new DpmppMultistepSampler(order, 1);
                    default -> new DpmppMultistepSampler(order, 0);
                };
            case String name -> GridMethod.of(name).create();
        };
    }
}
