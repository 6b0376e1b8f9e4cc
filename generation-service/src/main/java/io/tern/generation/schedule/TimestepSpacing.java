package io.tern.generation.schedule;

import io.tern.base.TernException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;

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

    /** @throws TernException INVALID_ARGUMENT with the names that there are */
    public static TimestepSpacing named(String name) {
        return Arrays.stream(values())
                .filter(spacing -> spacing.configName.equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        "spacing",
                        name,
                        Arrays.stream(values()).map(TimestepSpacing::configName).collect(Collectors.joining(", "))));
    }

    /** Whole timesteps from the noisiest on, strictly falling; {@code 1 <= steps <= trainSteps}. */
    double[] timesteps(int steps, int trainSteps) {
        double[] points = points(steps, trainSteps);
        Arrays.setAll(points, i -> Math.rint(points[i])); // numpy rounds halves to even too
        return points;
    }

    /** The same before rounding; only linspace has fractions, in float32 as diffusers computes them. */
    double[] points(int steps, int trainSteps) {
        return falling(
                steps,
                switch (this) {
                    case LINSPACE -> k -> steps == 1 ? 0 : (float) (k * (trainSteps - 1.0) / (steps - 1));
                    case LEADING -> k -> (double) k * (trainSteps / steps);
                    case TRAILING -> k -> trailing(k, steps, trainSteps);
                });
    }

    /** Whole timesteps that begin the n intervals between n + 1 of them; {@code 1 <= steps < trainSteps}. */
    double[] intervals(int steps, int trainSteps) {
        return falling(
                steps,
                switch (this) {
                    case LINSPACE -> k -> Math.rint((k + 1) * (trainSteps - 1.0) / steps);
                    case LEADING -> k -> (k + 1.0) * (trainSteps / (steps + 1));
                    case TRAILING -> k -> trailing(k, steps, trainSteps);
                });
    }

    private static double trailing(int k, int steps, int trainSteps) {
        return Math.rint(trainSteps - (steps - 1.0 - k) * trainSteps / steps) - 1;
    }

    /** @param rising the k-th from the least noise on */
    private static double[] falling(int steps, IntToDoubleFunction rising) {
        double[] values = new double[steps];
        Arrays.setAll(values, i -> rising.applyAsDouble(steps - 1 - i));
        return values;
    }
}
