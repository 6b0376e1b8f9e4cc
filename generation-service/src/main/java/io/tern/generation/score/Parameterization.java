package io.tern.generation.score;

import io.tern.generation.schedule.NoiseLevel;

/**
 * What a network was taught to predict of x = a·x0 + s·ε. Each form is one linear equation more, and x0 and ε follow
 * from the two; names as in diffusers.
 */
public enum Parameterization {
    /** The noise ε. Ho et al. 2020, eq. 14. */
    EPSILON("epsilon") {
        @Override
        Split split(double a, double s) {
            return new Split(1 / a, -s / a, 0, 1);
        }
    },
    /** v = a·ε − s·x0, well conditioned at both ends. Salimans and Ho 2022, appendix D; it needs a² + s² = 1. */
    V("v_prediction") {
        @Override
        Split split(double a, double s) {
            return new Split(a, -s, s, a);
        }
    },
    /** The data x0. Ho et al. 2020, section 3.2. */
    SAMPLE("sample") {
        @Override
        Split split(double a, double s) {
            return new Split(0, 1, 1 / s, -a / s);
        }
    },
    /** The velocity ε − x0 of a straight path. Lipman et al. 2023, eq. 23; Liu et al. 2023, eq. 1. */
    FLOW("flow_prediction") {
        @Override
        Split split(double a, double s) {
            return new Split(1 / (a + s), -s / (a + s), 1 / (a + s), a / (a + s));
        }
    },
    /** The score ∇ log p(x) = −ε / s. Song et al. 2021, eq. 7. */
    SCORE("score") {
        @Override
        Split split(double a, double s) {
            return new Split(1 / a, s * s / a, 0, -s);
        }
    };

    private final String configName;

    Parameterization(String configName) {
        this.configName = configName;
    }

    /** Its name in a configuration file. */
    public String configName() {
        return configName;
    }

    /** How x0 and ε follow from x and the network's output at this level. */
    public Split split(NoiseLevel level) {
        return split(level.signal(), level.noise());
    }

    abstract Split split(double signal, double noise);

    /** x0 = dataOfX·x + dataOfOutput·output and ε = noiseOfX·x + noiseOfOutput·output. */
    public record Split(double dataOfX, double dataOfOutput, double noiseOfX, double noiseOfOutput) {}
}
