package io.tern.generation.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.generation.Golden;
import io.tern.generation.MixtureModel;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.Noise;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.DiscreteSchedule;
import io.tern.generation.schedule.FlowSchedule;
import io.tern.generation.schedule.GeometricSigmas;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.schedule.SigmaSchedule;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.schedule.TimestepSpacing;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every sampler draws a mixture of two Gaussians in the plane: mean and covariance are those of the data, to three
 * standard errors of 2,000 points (0.07 and 0.08) and the error of the steps. The seed is fixed, so it always or never
 * fails.
 */
class MixtureTest {
    private static final int POINTS = 2000;
    private static final double TOLERANCE = 0.12;
    private static final NoiseSchedule TRAINING = new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02);
    private static final SamplingSchedule DISCRETE =
            new DiscreteSchedule(TRAINING, TimestepSpacing.TRAILING, 0, NoiseLevel.CLEAN);

    private static final SamplingSchedule EXPLODING =
            new DiscreteSchedule(new GeometricSigmas(0.01, 30, 1000), TimestepSpacing.TRAILING, 0, NoiseLevel.CLEAN);

    /** All but those of distilled models, which jump to where this model does not point. */
    static Stream<String> samplers() {
        return Samplers.names().stream()
                .filter(name -> !List.of("lcm", "tcd", "consistency").contains(name));
    }

    @ParameterizedTest
    @MethodSource("samplers")
    void drawsTheMixture(String sampler) {
        requireMixture(GridMethod.of(sampler), DISCRETE, 60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ddim", "heun", "dpmpp_2m", "unipc", "dpmpp_sde", "flow_euler", "flow_heun", "restart"})
    void drawsTheMixtureAlongStraightPaths(String sampler) {
        requireMixture(GridMethod.of(sampler), new FlowSchedule(1000, 1), 60);
    }

    /** The levels of score matching: nothing is taken from the signal. */
    @ParameterizedTest
    @MethodSource("samplers")
    void drawsTheMixtureFromNoiseThatExplodes(String sampler) {
        requireMixture(GridMethod.of(sampler), EXPLODING, 60);
    }

    /** BETA is even in σ, which is no way down from 157: too few steps are left below 1. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BETA")
    void drawsTheMixtureByEverySchedule(SigmaSchedule schedule) {
        for (String sampler : List.of("dpmpp_2m", "euler_a", "deis")) {
            requireMixture(GridMethod.of(sampler, schedule.label(), "", Double.NaN), DISCRETE, 60);
        }
    }

    /** A model that is all noise at its last step, and one whose last step keeps a little, lead to the same data. */
    @ParameterizedTest
    @ValueSource(strings = {"ddim", "heun", "dpmpp_2m", "euler_a"})
    void drawsTheMixtureFromZeroTerminalSnr(String sampler) {
        SamplingSchedule zero =
                new DiscreteSchedule(TRAINING.withZeroTerminalSnr(), TimestepSpacing.TRAILING, 0, NoiseLevel.CLEAN);
        assertThat(zero.path().most().sigma()).isGreaterThan(4000);
        requireMixture(GridMethod.of(sampler), zero, 60);
    }

    private static void requireMixture(GridMethod method, SamplingSchedule schedule, int steps) {
        float[] points = sample(method, schedule, steps);
        for (int d = 0; d < 2; d++) {
            assertThat(mean(points, d)).as("mean " + d).isCloseTo(MixtureModel.mean(d), within(TOLERANCE));
            for (int e = 0; e <= d; e++) {
                assertThat(covariance(points, d, e))
                        .as("covariance " + d + e)
                        .isCloseTo(MixtureModel.covariance(d, e), within(TOLERANCE));
            }
        }
    }

    private static float[] sample(GridMethod method, SamplingSchedule schedule, int steps) {
        try (Arena arena = Arena.ofConfined()) {
            TimeGrid grid = method.grid(schedule, steps);
            Noise noise = new PhiloxNoise(7, 0);
            FloatTensor start = Golden.tensor(arena, new float[2 * POINTS]);
            noise.fill(Noise.START, start);
            LinearCombination.scale(start, method.startDeviation(grid.level(0)), start);
            SamplingRun run = new SamplingRun(grid, noise, (_, _) -> {}, arena);
            return method.create().sample(new MixtureModel(), start, run).toArray();
        }
    }

    private static double mean(float[] points, int d) {
        double sum = 0;
        for (int i = d; i < points.length; i += 2) {
            sum += points[i];
        }
        return sum / POINTS;
    }

    private static double covariance(float[] points, int d, int e) {
        double meanD = mean(points, d);
        double meanE = mean(points, e);
        double sum = 0;
        for (int i = 0; i < points.length; i += 2) {
            sum += (points[i + d] - meanD) * (points[i + e] - meanE);
        }
        return sum / POINTS;
    }
}
