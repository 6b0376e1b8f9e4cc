package io.tern.generation.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.generation.GaussianModel;
import io.tern.generation.Golden;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.DiscreteSchedule;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.schedule.TimestepSpacing;
import io.tern.generation.score.Parameterization;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that are N(mean, deviation²) have a known score and a known flow: samplers are tested without a network. */
class GaussianFlowTest {
    private static final SamplingSchedule SCHEDULE = new DiscreteSchedule(
            new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02), TimestepSpacing.TRAILING, 0, NoiseLevel.CLEAN);
    private static final float[] MEAN = {0, 0.5f, -2, 3};
    private static final double DEVIATION = 0.6;
    private static final int SAMPLES = 256;

    static Stream<Arguments> firstOrderSamplersAndForms() {
        return Stream.of("ddim", "euler", "flow_euler")
                .flatMap(name -> Stream.of(Parameterization.values()).map(form -> Arguments.of(name, form)));
    }

    /** Four times the steps, a quarter of the error, down to float32 rounding. */
    @ParameterizedTest
    @MethodSource("firstOrderSamplersAndForms")
    void followsTheFlowAndGetsNearerWithMoreSteps(String sampler, Parameterization form) {
        double error10 = largestError(sampler, form, 10);
        double error40 = largestError(sampler, form, 40);
        double error160 = largestError(sampler, form, 160);
        double error640 = largestError(sampler, form, 640);
        assertThat(error10).isLessThan(0.4);
        assertThat(error40).isLessThan(error10 / 3.4);
        assertThat(error160).isLessThan(error40 / 3.4);
        assertThat(error640).isLessThan(error160 / 3.4).isLessThan(8e-3);
    }

    /** Methods of higher order are nearer than those of first order, for the same levels. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "heun",
                "lms",
                "dpm2",
                "dpmpp_2s",
                "dpmpp_2m",
                "dpmpp_3m",
                "dpm_solver",
                "unipc",
                "deis",
                "pndm",
                "flow_heun"
            })
    void isNearerToTheFlowThanFirstOrder(String sampler) {
        double firstOrder = largestError("euler", Parameterization.EPSILON, 80);
        assertThat(largestError(sampler, Parameterization.EPSILON, 80)).isLessThan(firstOrder / 2);
        assertThat(largestError(sampler, Parameterization.EPSILON, 320)).isLessThan(firstOrder / 8);
    }

    /** η is all that lies between the two. Song, Meng and Ermon 2021, section 4.1. */
    @Test
    void isDdpmWhereAllNoiseIsDrawnAnew() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor ddpm = sample(GridMethod.of("ddpm"), Parameterization.V, 50, arena);
            FloatTensor ddim = sample(GridMethod.of("ddim", "", "", 1), Parameterization.V, 50, arena);
            FloatTensor half = sample(GridMethod.of("ddim", "", "", 0.5), Parameterization.V, 50, arena);
            assertThat(Golden.largestDifference(ddim.toArray(), ddpm.toArray())).isLessThan(2e-5);
            assertThat(Golden.largestDifference(half.toArray(), ddpm.toArray())).isGreaterThan(0.1);
        }
    }

    /** The noisy samplers without their noise. */
    @Test
    void isTheOdeWhereNoNoiseIsDrawn() {
        try (Arena arena = Arena.ofConfined()) {
            for (String pair :
                    List.of("euler_a euler", "dpm2_a dpm2", "dpmpp_2m_sde dpmpp_2m", "dpmpp_3m_sde dpmpp_3m")) {
                String[] names = pair.split(" ");
                FloatTensor still = sample(GridMethod.of(names[0], "", "", 0), Parameterization.V, 30, arena);
                FloatTensor ode = sample(names[1], Parameterization.V, 30, arena);
                assertThat(Golden.largestDifference(still.toArray(), ode.toArray()))
                        .as(pair)
                        .isZero();
            }
        }
    }

    /** The two are one method in two coordinates; only their start differs, by √(σ₀² + 1) / σ₀ = 1 + 2e-5. */
    @Test
    void makesTheSameOfNoiseByDdimAndByEuler() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor ddim = sample("ddim", Parameterization.V, 20, arena);
            FloatTensor euler = sample("euler", Parameterization.V, 20, arena);
            assertThat(Golden.largestDifference(ddim.toArray(), euler.toArray()))
                    .isLessThan(1e-4);
        }
    }

    @Test
    void tellsOfEachStepOnceInOrder() {
        try (Arena arena = Arena.ofConfined()) {
            for (String name : Samplers.names()) {
                List<Integer> told = new ArrayList<>();
                sample(GridMethod.of(name), Parameterization.V, 7, (step, _) -> told.add(step), arena);
                assertThat(told).as(name).containsExactly(1, 2, 3, 4, 5, 6, 7);
            }
        }
    }

    private static double largestError(String sampler, Parameterization form, int steps) {
        try (Arena arena = Arena.ofConfined()) {
            GaussianModel exact = new GaussianModel(means(), DEVIATION, form);
            TimeGrid grid = GridMethod.of(sampler).grid(SCHEDULE, steps);
            FloatTensor start = start(GridMethod.of(sampler), grid, arena);
            FloatTensor sample = sample(sampler, form, steps, arena);
            double largest = 0;
            for (int i = 0; i < sample.size(); i++) {
                double expected = exact.flow(i, start.get(i), grid.level(0), grid.level(grid.steps()));
                largest = Math.max(largest, Math.abs(expected - sample.get(i)));
            }
            return largest;
        }
    }

    private static FloatTensor sample(String sampler, Parameterization form, int steps, Arena arena) {
        return sample(GridMethod.of(sampler), form, steps, arena);
    }

    private static FloatTensor sample(GridMethod method, Parameterization form, int steps, Arena arena) {
        return sample(method, form, steps, (_, _) -> {}, arena);
    }

    private static FloatTensor sample(
            GridMethod method, Parameterization form, int steps, StepListener listener, Arena arena) {
        TimeGrid grid = method.grid(SCHEDULE, steps);
        SamplingRun run = new SamplingRun(grid, new PhiloxNoise(1, 0), listener, arena);
        return method.create().sample(new GaussianModel(means(), DEVIATION, form), start(method, grid, arena), run);
    }

    private static FloatTensor start(GridMethod method, TimeGrid grid, Arena arena) {
        FloatTensor start = prior(arena);
        LinearCombination.scale(start, method.startDeviation(grid.level(0)), start);
        return start;
    }

    private static FloatTensor prior(Arena arena) {
        FloatTensor prior = Golden.tensor(arena, new float[SAMPLES]);
        new PhiloxNoise(42, 0).fill(0, prior);
        return prior;
    }

    private static float[] means() {
        float[] means = new float[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            means[i] = MEAN[i % MEAN.length];
        }
        return means;
    }
}
