package io.tern.generation.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tern.generation.Golden;
import io.tern.generation.MixtureModel;
import io.tern.generation.continuous.PredictorCorrectorSampler;
import io.tern.generation.corrector.AnnealedLangevin;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.predictor.Ancestral;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.sde.SdeType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuidedTest {
    private static final NoiseSchedule PATH = new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02);
    private static final int POINTS = 500;

    /** Of each point the first coordinate is known; the second has to come from the same of the two components. */
    @Test
    void paintsInWhatGoesWithTheKnownElements() {
        float[] right = secondCoordinates(0.9f);
        float[] left = secondCoordinates(-1.2f);
        assertThat(mean(right)).isCloseTo(0.7, within(0.15));
        assertThat(mean(left)).isCloseTo(-0.8, within(0.15));
    }

    private static float[] secondCoordinates(float first) {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor data = Golden.tensor(arena, new float[2 * POINTS]);
            boolean[] isKnown = new boolean[2 * POINTS];
            for (int i = 0; i < 2 * POINTS; i += 2) {
                data.set(i, first);
                isKnown[i] = true;
            }
            Guided predictor = new Guided(new Ancestral(), new KnownElements(isKnown), data, arena);
            FloatTensor drawn = sample(predictor, data, arena);
            float[] seconds = new float[POINTS];
            for (int i = 0; i < POINTS; i++) {
                assertThat(drawn.get(2L * i)).isCloseTo(first, within(0.1f));
                seconds[i] = drawn.get(2L * i + 1);
            }
            return seconds;
        }
    }

    private static FloatTensor sample(Guided predictor, FloatTensor like, Arena arena) {
        List<NoiseLevel> levels = new ArrayList<>();
        for (int t = 999; t > 0; t -= 9) {
            levels.add(PATH.level(t));
        }
        levels.add(PATH.level(0));
        FloatTensor start = FloatTensor.allocate(arena, like.shape());
        PhiloxNoise noise = new PhiloxNoise(3, 0);
        noise.fill(0, start);
        return new PredictorCorrectorSampler(SdeType.VP, predictor, new AnnealedLangevin(0.1, 2))
                .sample(
                        new MixtureModel(),
                        start,
                        new SamplingRun(new TimeGrid(levels, PATH), noise, (_, _) -> {}, arena));
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    @Test
    void replacesTheGreyAndLeavesTheColours() {
        try (Arena arena = Arena.ofConfined()) {
            Shape twoPixels = Shape.of(1, 3, 1, 2);
            FloatTensor x = FloatTensor.copyOf(arena, twoPixels, new float[] {1, 0, 2, 0, 3, 6});
            FloatTensor known = FloatTensor.copyOf(arena, twoPixels, new float[] {5, 1, 5, 1, 5, 1});
            new KnownGrey().replace(x, known);
            assertThat(x.toArray()).containsExactly(4, -1, 5, -1, 6, 5);
            new KnownGrey().replace(x, known); // a projection: once is enough
            assertThat(x.toArray()).containsExactly(4, -1, 5, -1, 6, 5);
        }
    }

    @Test
    void refusesAMaskOfAnotherSize() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor x = Golden.tensor(arena, 1, 2, 3);
            assertThatThrownBy(() -> new KnownElements(new boolean[2]).replace(x, x))
                    .hasMessage("mask: 2 elements (expected: 3 elements)");
        }
    }
}
