package io.tern.generation.continuous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.base.TernException;
import io.tern.generation.Golden;
import io.tern.generation.MixtureModel;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.Noise;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.DiscreteSchedule;
import io.tern.generation.schedule.GeometricSigmas;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoisePath;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.schedule.TimestepSpacing;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every SDE with every predictor and every corrector draws the mixture, from one network of a discrete process. */
class ContinuousMethodTest {
    private static final int POINTS = 1000;
    /** Three standard errors of 1,000 points are 0.11; the rest is the error of the steps. */
    private static final double TOLERANCE = 0.2;

    private static final DiscreteSchedule SCHEDULE = new DiscreteSchedule(
            new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02), TimestepSpacing.TRAILING, 0, NoiseLevel.CLEAN);

    static Stream<Arguments> combinations() {
        return Stream.of("vp", "ve", "subvp")
                .flatMap(type -> Stream.of("euler_maruyama", "reverse_diffusion", "ancestral", "none")
                        .flatMap(predictor -> Stream.of("langevin", "annealed_langevin", "none")
                                .filter(corrector -> !(predictor.equals("none") && corrector.equals("none")))
                                .map(corrector -> Arguments.of(type, predictor, corrector))));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void drawsTheMixture(String type, String predictor, String corrector) {
        boolean alone = predictor.equals("none"); // then the corrector has to do everything
        ContinuousMethod method = ContinuousMethod.of(
                type, predictor, corrector, alone ? 0.3 : 0.1, alone ? 5 : 1, false, Double.NaN, Double.NaN);
        requireMixture(method, 150);
    }

    /** Annealed Langevin dynamics as its paper has it, level by level. Song and Ermon 2019, algorithm 1. */
    @Test
    void isAnnealedLangevinDynamicsWithoutAPredictor() {
        double snr = 0.2;
        double least = 0.01;
        NoisePath path = new GeometricSigmas(least, 20, 1000);
        ContinuousMethod method =
                ContinuousMethod.of("ve", "none", "annealed_langevin", snr, 3, false, Double.NaN, Double.NaN);
        try (Arena arena = Arena.ofConfined()) {
            TimeGrid grid = method.grid(new DiscreteSchedule(path, TimestepSpacing.LINSPACE, 0, NoiseLevel.CLEAN), 8);
            Noise noise = new PhiloxNoise(3, 0);
            FloatTensor x = Golden.tensor(arena, new float[20]);
            noise.fill(Noise.START, x);
            LinearCombination.scale(x, 20, x);
            float[] ours = method.create()
                    .sample(new MixtureModel(), x, new SamplingRun(grid, noise, (_, _) -> {}, arena))
                    .toArray();
            FloatTensor score = FloatTensor.allocate(arena, x.shape());
            FloatTensor z = FloatTensor.allocate(arena, x.shape());
            double stride = 2 * snr * snr * least * least; // ε of the paper
            int draws = 0;
            for (int level = 0; level < 8; level++) {
                double sigma = 20 * Math.pow(least / 20, level / 7.0);
                double alpha = stride * sigma * sigma / (least * least);
                for (int step = 0; step < 3; step++) {
                    score(score, x, path.atSigma(sigma));
                    noise.fill(++draws, z);
                    LinearCombination.add(x, alpha, score);
                    LinearCombination.add(x, Math.sqrt(2 * alpha), z);
                }
            }
            score(score, x, path.least());
            LinearCombination.add(x, least * least, score);
            assertThat(Golden.largestDifference(ours, x.toArray())).isLessThan(1e-4);
        }
    }

    private static void score(FloatTensor out, FloatTensor x, NoiseLevel level) {
        new MixtureModel().predict(x, level).noise(out);
        LinearCombination.scale(out, -1 / level.noise(), out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vp", "ve", "subvp"})
    void drawsTheMixtureByTheOde(String type) {
        requireMixture(ode(type), 10);
    }

    @Test
    void tellsOfEachStepInOrder() {
        for (ContinuousMethod method : List.of(ode("vp"), sde("ve", "", ""))) {
            List<Integer> told = new ArrayList<>();
            sample(method, 10, told);
            assertThat(told).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        }
    }

    @Test
    void refusesWhatIsNotThereOrDoesNotGoTogether() {
        double no = Double.NaN;
        refused("sde.type", () -> sde("xp", "", ""));
        refused("sde.type", () -> sde("", "", ""));
        refused("sde.predictor", () -> sde("vp", "magic", ""));
        refused("sde.corrector", () -> sde("vp", "", "magic"));
        refused("sde.corrector", () -> sde("vp", "none", "none"));
        refused("sde.corrector", () -> sde("vp", "none", ""));
        refused("sde.snr", () -> ContinuousMethod.of("vp", "", "langevin", 0, 1, false, no, no));
        refused("sde.snr", () -> ContinuousMethod.of("vp", "", "langevin", 1.1, 1, false, no, no));
        refused("sde.corrector_steps", () -> ContinuousMethod.of("vp", "", "langevin", no, 11, false, no, no));
        refused("sde.corrector_steps", () -> ContinuousMethod.of("vp", "", "langevin", no, -1, false, no, no));
        refused("sde.rtol", () -> ContinuousMethod.of("vp", "", "", no, 0, false, 1e-3, no));
        refused("sde.atol", () -> ContinuousMethod.of("vp", "", "", no, 0, false, no, 1e-3));
        refused("sde.predictor", () -> ContinuousMethod.of("vp", "ancestral", "", no, 0, true, no, no));
        refused("sde.corrector", () -> ContinuousMethod.of("vp", "", "langevin", no, 0, true, no, no));
        refused("sde.snr", () -> ContinuousMethod.of("vp", "", "", 0.1, 0, true, no, no));
        refused("sde.rtol", () -> ContinuousMethod.of("vp", "", "", no, 0, true, 2, no));
    }

    private static ContinuousMethod sde(String type, String predictor, String corrector) {
        return ContinuousMethod.of(type, predictor, corrector, Double.NaN, 0, false, Double.NaN, Double.NaN);
    }

    private static ContinuousMethod ode(String type) {
        return ContinuousMethod.of(type, "", "", Double.NaN, 0, true, 1e-4, 1e-4);
    }

    private static void refused(String field, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.field()).isEqualTo(field))
                .hasMessageContaining("(expected: ");
    }

    private static void requireMixture(ContinuousMethod method, int steps) {
        float[] points = sample(method, steps, new ArrayList<>());
        for (int d = 0; d < 2; d++) {
            assertThat(moment(points, d, d, true)).as("mean " + d).isCloseTo(MixtureModel.mean(d), within(TOLERANCE));
            for (int e = 0; e <= d; e++) {
                assertThat(moment(points, d, e, false))
                        .as("covariance " + d + e)
                        .isCloseTo(MixtureModel.covariance(d, e), within(TOLERANCE));
            }
        }
    }

    private static double moment(float[] points, int d, int e, boolean first) {
        double sumD = 0;
        double sumE = 0;
        double product = 0;
        for (int i = 0; i < points.length; i += 2) {
            sumD += points[i + d];
            sumE += points[i + e];
            product += points[i + d] * points[i + e];
        }
        return first ? sumD / POINTS : product / POINTS - sumD / POINTS * (sumE / POINTS);
    }

    private static float[] sample(ContinuousMethod method, int steps, List<Integer> told) {
        try (Arena arena = Arena.ofConfined()) {
            TimeGrid grid = method.grid(SCHEDULE, steps);
            Noise noise = new PhiloxNoise(11, 0);
            FloatTensor start = Golden.tensor(arena, new float[2 * POINTS]);
            noise.fill(Noise.START, start);
            LinearCombination.scale(start, method.startDeviation(grid.level(0)), start);
            SamplingRun run = new SamplingRun(grid, noise, (step, _) -> told.add(step), arena);
            return method.create().sample(new MixtureModel(), start, run).toArray();
        }
    }
}
