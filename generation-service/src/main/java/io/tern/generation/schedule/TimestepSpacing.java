package io.tern.generation.schedule;

/** Which of a model's training steps are visited. Names and formulas as in diffusers; Lin et al. 2024, table 2. */
public enum TimestepSpacing {
    /** Both ends: 999 … 0. */
    LINSPACE("linspace"),
    /** Multiples of the stride, so it ends at 0 and may begin far below the last training step. */
    LEADING("leading"),
    /** Strides counted from the end, so it begins at the last training step. */
    TRAILING("trailing");

    private final String configName;

    TimestepSpacing(String configName) {
        this.configName = configName;
    }

    /** Its name in a configuration file. */
    public String configName() {
        return configName;
    }

    /** Timesteps from the noisiest on, strictly falling; {@code 1 <= steps <= trainSteps}. */
    int[] timesteps(int steps, int trainSteps) {
        int[] timesteps = new int[steps];
        for (int i = 0; i < steps; i++) {
            timesteps[i] = timestep(i, steps, trainSteps);
        }
        return timesteps;
    }

    // rint, because numpy rounds halves to even too
    private int timestep(int i, int steps, int trainSteps) {
        return switch (this) {
            case LINSPACE -> steps == 1 ? 0 : (int) Math.rint((steps - 1.0 - i) * (trainSteps - 1) / (steps - 1));
            case LEADING -> (steps - 1 - i) * (trainSteps / steps);
            case TRAILING -> (int) Math.rint(trainSteps - (double) i * trainSteps / steps) - 1;
        };
    }
}
