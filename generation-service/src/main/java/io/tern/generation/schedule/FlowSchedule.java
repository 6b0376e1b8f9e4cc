package io.tern.generation.schedule;

import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Of a model that learnt straight paths from data to noise, x = (1 − t)·data + t·ε. Lipman et al. 2023, eq. 22; Liu et
 * al. 2023. Its timestep is t times the number of training steps.
 *
 * @param shift more than 1 spends more steps where there is much noise. Esser et al. 2024, eq. 23
 */
public record FlowSchedule(int trainSteps, double shift) implements SamplingSchedule, NoisePath {
    /** Of signal, where there should be none: σ stays finite, and float32 does not see the difference. */
    private static final double LEAST_SIGNAL = 1e-6;

    public FlowSchedule {
        TernException.require(
                2 <= trainSteps && trainSteps <= 1_000_000, "num_train_timesteps", trainSteps, "2..1000000");
        TernException.require(shift > 0 && shift < 1000, "shift", shift, "more than 0, less than 1000");
    }

    @Override
    public NoisePath path() {
        return this;
    }

    @Override
    public SamplingSchedule spaced(TimestepSpacing spacing) {
        throw TernException.invalid("spacing", spacing.configName(), "none: a flow model has one spacing");
    }

    @Override
    public TimeGrid grid(int steps, Stops stops, @Nullable SigmaSchedule sigmas) {
        TernException.require(
                1 <= steps && steps <= trainSteps, "steps", steps, "1.." + trainSteps + ", the steps of the model");
        if (sigmas != null) {
            return TimeGrid.of(sigmas, steps, stops, this);
        }
        List<NoiseLevel> levels = new ArrayList<>();
        boolean intervals = stops == Stops.INTERVALS || stops == Stops.INTERVALS_TO_LEAST;
        // diffusers spaces between the ends as they are after the shift, and then shifts again
        double last = intervals ? 1.0 / trainSteps : shifted(1.0 / trainSteps);
        int strides = intervals ? steps : Math.max(1, steps - 1);
        for (int i = 0; i < steps; i++) {
            levels.add(at(shifted(1 + (last - 1) * i / strides)));
        }
        levels.add(stops == Stops.INTERVALS_TO_LEAST ? least() : NoiseLevel.CLEAN);
        return new TimeGrid(levels, this);
    }

    private double shifted(double t) {
        return shift * t / (1 + (shift - 1) * t);
    }

    private NoiseLevel at(double t) {
        return new NoiseLevel(t * trainSteps, Math.max(LEAST_SIGNAL, 1 - t), t);
    }

    @Override
    public NoiseLevel atSigma(double sigma) {
        return at(sigma / (1 + sigma));
    }

    @Override
    public NoiseLevel atTimestep(double timestep) {
        return at(Math.clamp(timestep / trainSteps, 0, 1));
    }

    @Override
    public NoiseLevel least() {
        return at(1.0 / trainSteps);
    }

    @Override
    public NoiseLevel most() {
        return at(1);
    }
}
