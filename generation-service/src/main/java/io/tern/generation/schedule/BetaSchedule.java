package io.tern.generation.schedule;

/** How the variance β that a training step adds grows from the first step to the last; names as in diffusers. */
public enum BetaSchedule {
    /** β linear in the step. Ho et al. 2020, section 4. */
    LINEAR("linear"),
    /** √β linear in the step. Rombach et al. 2022, the code of latent diffusion. */
    SCALED_LINEAR("scaled_linear");

    private final String configName;

    BetaSchedule(String configName) {
        this.configName = configName;
    }

    /** Its name in a configuration file. */
    public String configName() {
        return configName;
    }

    /** β of each of {@code steps} training steps. */
    double[] betas(int steps, double first, double last) {
        return switch (this) {
            case LINEAR -> linspace(steps, first, last);
            case SCALED_LINEAR -> square(linspace(steps, Math.sqrt(first), Math.sqrt(last)));
        };
    }

    private static double[] linspace(int count, double first, double last) {
        double[] values = new double[count];
        double step = (last - first) / (count - 1);
        for (int i = 0; i < count; i++) {
            values[i] = first + i * step;
        }
        values[count - 1] = last;
        return values;
    }

    private static double[] square(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= values[i];
        }
        return values;
    }
}
