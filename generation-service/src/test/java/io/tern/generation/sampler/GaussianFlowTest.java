package io.tern.generation.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.generation.GaussianModel;
import io.tern.generation.Golden;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.schedule.TimestepSpacing;
import io.tern.generation.score.Parameterization;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Data that are N(mean, deviation²) have a known score and a known flow: samplers are tested without a network. */
class GaussianFlowTest {
    private static final SamplingSchedule SCHEDULE = new SamplingSchedule(
            new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02), TimestepSpacing.TRAILING, 0, NoiseLevel.CLEAN);
    private static final float[] MEAN = {0, 0.5f, -2, 3};
    private static final double DEVIATION = 0.6;
    private static final int SAMPLES = 256;

    static Stream<Arguments> samplersAndForms() {
        return Samplers.names().stream()
                .flatMap(name -> Stream.of(Parameterization.values()).map(form -> Arguments.of(name, form)));
    }

    /** Both are first-order methods: four times the steps, a quarter of the error, down to float32 rounding. */
    @ParameterizedTest
    @MethodSource("samplersAndForms")
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

    /** The two are one method in two coordinates. */
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
    void tellsOfEachStepOnceWithTheDataAsTheySeem() {
        try (Arena arena = Arena.ofConfined()) {
            for (String name : Samplers.names()) {
                int[] steps = {0};
                FloatTensor[] last = {prior(arena)};
                StepListener listener = (step, data) -> {
                    assertThat(step).isEqualTo(++steps[0]);
                    last[0] = data.copy(arena);
                };
                TimeGrid grid = SCHEDULE.grid(7);
                FloatTensor sample = Samplers.create(name)
                        .sample(
                                new GaussianModel(means(), DEVIATION, Parameterization.V),
                                prior(arena),
                                new SamplingRun(grid, new PhiloxNoise(1, 0), listener, arena));
                assertThat(steps[0]).isEqualTo(7);
                assertThat(Golden.largestDifference(sample.toArray(), last[0].toArray()))
                        .isLessThan(1e-6);
            }
        }
    }

    private static double largestError(String sampler, Parameterization form, int steps) {
        try (Arena arena = Arena.ofConfined()) {
            GaussianModel exact = new GaussianModel(means(), DEVIATION, form);
            FloatTensor prior = prior(arena);
            FloatTensor sample = sample(sampler, form, steps, arena);
            NoiseLevel start = SCHEDULE.grid(steps).level(0);
            double largest = 0;
            for (int i = 0; i < sample.size(); i++) {
                double expected = exact.flow(i, prior.get(i), start, NoiseLevel.CLEAN);
                largest = Math.max(largest, Math.abs(expected - sample.get(i)));
            }
            return largest;
        }
    }

    private static FloatTensor sample(String sampler, Parameterization form, int steps, Arena arena) {
        SamplingRun run = new SamplingRun(SCHEDULE.grid(steps), new PhiloxNoise(1, 0), (_, _) -> {}, arena);
        return Samplers.create(sampler).sample(new GaussianModel(means(), DEVIATION, form), prior(arena), run);
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
