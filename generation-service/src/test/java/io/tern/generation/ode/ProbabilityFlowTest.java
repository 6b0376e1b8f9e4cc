package io.tern.generation.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.generation.GaussianModel;
import io.tern.generation.Golden;
import io.tern.generation.MixtureModel;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.score.Parameterization;
import io.tern.generation.score.ScoreModel;
import io.tern.generation.sde.Sde;
import io.tern.generation.sde.SdeModel;
import io.tern.generation.sde.SdeType;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProbabilityFlowTest {
    private static final NoiseSchedule PATH = new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02);
    private static final Tolerance TOLERANCE = new Tolerance(1e-5, 1e-5);

    @ParameterizedTest
    @EnumSource
    void followsTheClosedFormOfAGaussian(SdeType type) {
        try (Arena arena = Arena.ofConfined()) {
            GaussianModel gaussian = new GaussianModel(new float[] {1, -2, 0, 3}, 0.5, Parameterization.V);
            Sde sde = type.over(PATH);
            FloatTensor x = Golden.tensor(arena, 0.3f, -1, 2, 0);
            LinearCombination.scale(x, sde.marginal(1).noise(), x);
            FloatTensor start = x.copy(arena);
            SdeModel model = new SdeModel(gaussian, PATH, sde, x, arena);
            new ProbabilityFlow(model, TOLERANCE, arena).decode(x);
            for (int i = 0; i < 4; i++) {
                double expected = gaussian.flow(i, start.get(i), sde.marginal(1), sde.marginal(model.endTime()));
                assertThat((double) x.get(i)).isCloseTo(expected, within(2e-3));
            }
        }
    }

    /** A picture has one latent, whichever SDE is between them: the three differ by the scale of x alone. */
    @Test
    void encodesToTheSameLatentByEverySde() {
        try (Arena arena = Arena.ofConfined()) {
            float[] vp = encoded(SdeType.VP, arena);
            assertThat(Golden.largestDifference(encoded(SdeType.VE, arena), vp)).isLessThan(0.01);
            assertThat(Golden.largestDifference(encoded(SdeType.SUBVP, arena), vp))
                    .isLessThan(0.01);
        }
    }

    private static float[] encoded(SdeType type, Arena arena) {
        FloatTensor x = Golden.tensor(arena, 0.8f, 0.9f, -1.1f, -0.5f);
        SdeModel model = model(new MixtureModel(), type, x, arena);
        LinearCombination.scale(x, model.sde().marginal(model.endTime()).signal(), x);
        new ProbabilityFlow(model, TOLERANCE, arena).encode(x);
        LinearCombination.scale(x, 1 / model.sde().marginal(1).noise(), x);
        return x.toArray();
    }

    @ParameterizedTest
    @EnumSource
    void decodesWhatItEncoded(SdeType type) {
        try (Arena arena = Arena.ofConfined()) {
            float[] data = {0.8f, 0.9f, -1.1f, -0.5f, 1.2f, 0.3f};
            FloatTensor x = Golden.tensor(arena, data);
            ProbabilityFlow flow = new ProbabilityFlow(model(new MixtureModel(), type, x, arena), TOLERANCE, arena);
            flow.encode(x);
            assertThat(Golden.largestDifference(x.toArray(), data)).isGreaterThan(0.3);
            flow.decode(x);
            assertThat(Golden.largestDifference(x.toArray(), data)).isLessThan(0.01);
        }
    }

    @Test
    void interpolatesAlongTheSphere() {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor first = Golden.tensor(arena, new float[4096]);
            FloatTensor second = Golden.tensor(arena, new float[4096]);
            FloatTensor between = Golden.tensor(arena, new float[4096]);
            new PhiloxNoise(1, 0).fill(0, first);
            new PhiloxNoise(2, 0).fill(0, second);
            SphericalInterpolation.between(between, first, second, 0);
            assertThat(Golden.largestDifference(between.toArray(), first.toArray()))
                    .isLessThan(1e-5);
            SphericalInterpolation.between(between, first, second, 1);
            assertThat(Golden.largestDifference(between.toArray(), second.toArray()))
                    .isLessThan(1e-5);
            SphericalInterpolation.between(between, first, second, 0.5);
            // as long as noise; the straight middle would have 0.5
            assertThat(power(between)).isCloseTo(1, within(0.05));
            SphericalInterpolation.between(between, first, first, 0.3);
            assertThat(Golden.largestDifference(between.toArray(), first.toArray()))
                    .isLessThan(1e-5);
        }
    }

    private static double power(FloatTensor x) {
        double sum = 0;
        for (long i = 0; i < x.size(); i++) {
            sum += (double) x.get(i) * x.get(i);
        }
        return sum / x.size();
    }

    private static SdeModel model(ScoreModel network, SdeType type, FloatTensor like, Arena arena) {
        return new SdeModel(network, PATH, type.over(PATH), like, arena);
    }
}
