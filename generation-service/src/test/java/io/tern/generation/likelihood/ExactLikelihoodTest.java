package io.tern.generation.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.generation.GaussianModel;
import io.tern.generation.Golden;
import io.tern.generation.MixtureModel;
import io.tern.generation.noise.Noise;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.ode.Tolerance;
import io.tern.generation.schedule.BetaSchedule;
import io.tern.generation.schedule.NoiseSchedule;
import io.tern.generation.score.Parameterization;
import io.tern.generation.score.ScoreModel;
import io.tern.generation.sde.SdeModel;
import io.tern.generation.sde.SdeType;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against densities that are known. The data have the least noise of the model, which moves log p by less than 0.01. */
class ExactLikelihoodTest {
    private static final NoiseSchedule PATH = new NoiseSchedule(BetaSchedule.LINEAR, 1000, 1e-4, 0.02);
    private static final int DIMENSIONS = 256;

    /** The Jacobian is a multiple of the identity, so any signs give its trace exactly. */
    @ParameterizedTest
    @EnumSource
    void isTheDensityOfAGaussian(SdeType type) {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor x = Golden.tensor(arena, new float[DIMENSIONS]);
            new PhiloxNoise(5, 0).fill(0, x);
            double expected = 0;
            for (int i = 0; i < DIMENSIONS; i++) {
                double z = x.get(i);
                x.set(i, (float) (1 + 0.5 * z));
                expected -= z * z / 2 + Math.log(0.5 * Math.sqrt(2 * Math.PI));
            }
            float[] ones = new float[DIMENSIONS];
            Arrays.fill(ones, 1);
            LogDensity density = likelihood(new GaussianModel(ones, 0.5, Parameterization.V), type, x, arena)
                    .of(x, new PhiloxNoise(1, 0));
            assertThat(density.nats() / DIMENSIONS).isCloseTo(expected / DIMENSIONS, within(0.01));
            assertThat(density.bitsPerDimension())
                    .isCloseTo(-expected / DIMENSIONS / Math.log(2), within(0.01 / Math.log(2)));
            assertThat(density.dimensions()).isEqualTo(DIMENSIONS);
        }
    }

    /** Two choices of signs, whose mean is the trace of any 2 × 2 matrix that is symmetric. */
    @ParameterizedTest
    @EnumSource
    void isTheDensityOfAMixture(SdeType type) {
        float[][] points = {{0.9f, 0.7f}, {-1.2f, -0.8f}, {0, 0}, {1.5f, 0}, {-0.5f, -0.9f}};
        for (float[] point : points) {
            try (Arena arena = Arena.ofConfined()) {
                FloatTensor x = Golden.tensor(arena, point);
                ExactLikelihood likelihood = likelihood(new MixtureModel(), type, x, arena);
                double nats = (likelihood.of(x, signs(1, 1)).nats()
                                + likelihood.of(x, signs(1, -1)).nats())
                        / 2;
                assertThat(nats).isCloseTo(MixtureModel.logDensity(point[0], point[1]), within(0.05));
            }
        }
    }

    private static Noise signs(float first, float second) {
        return (_, into) -> {
            into.set(0, first);
            into.set(1, second);
        };
    }

    private static ExactLikelihood likelihood(ScoreModel network, SdeType type, FloatTensor like, Arena arena) {
        SdeModel model = new SdeModel(network, PATH, type.over(PATH), like, arena);
        return new ExactLikelihood(model, new Tolerance(1e-5, 1e-5), arena);
    }
}
