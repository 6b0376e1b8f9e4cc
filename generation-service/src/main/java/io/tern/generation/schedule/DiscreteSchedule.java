package io.tern.generation.schedule;

import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Of a model that learnt a process of discrete steps.
 *
 * @param path noise of each training step
 * @param spacing which of them are visited
 * @param offset added to each visited step of {@code leading} spacing; some models learnt from step 1
 * @param end where the last of {@link Stops#TRAINING_STEPS} lands
 * @param distilledSteps that {@link Stops#DISTILLED} chooses from, as a distilled model was taught them
 */
public record DiscreteSchedule(NoisePath path, TimestepSpacing spacing, int offset, NoiseLevel end, int distilledSteps)
        implements SamplingSchedule {
    /** Of a latent consistency model. Luo et al. 2023, section 4.3. */
    public static final int USUAL_DISTILLED_STEPS = 50;

    public DiscreteSchedule {
        if (distilledSteps < 1) {
            throw TernException.invalid("original_inference_steps", distilledSteps, "at least 1");
        }
        if (!(0 <= offset && offset < path.trainSteps())) {
            throw TernException.invalid("steps_offset", offset, "0.." + (path.trainSteps() - 1));
        }
    }

    public DiscreteSchedule(NoisePath path, TimestepSpacing spacing, int offset, NoiseLevel end) {
        this(path, spacing, offset, end, USUAL_DISTILLED_STEPS);
    }

    @Override
    public SamplingSchedule spaced(TimestepSpacing other) {
        return new DiscreteSchedule(path, other, offset, end, distilledSteps);
    }

    @Override
    public TimeGrid grid(int steps, Stops stops, @Nullable SigmaSchedule sigmas) {
        requireSteps(steps, stops);
        if (sigmas == null) {
            return new TimeGrid(visited(steps, stops), path);
        }
        if (stops == Stops.DISTILLED) {
            throw TernException.invalid(
                    "schedule", sigmas.label(), "discrete, since a distilled model knows its own steps only");
        }
        return TimeGrid.of(sigmas, steps, stops, path);
    }

    private void requireSteps(int steps, Stops stops) {
        int most = switch (stops) {
            case TRAINING_STEPS, SIGMAS -> path.trainSteps();
            case INTERVALS, INTERVALS_TO_LEAST -> path.trainSteps() - 1;
            case DISTILLED -> Math.min(distilledSteps, path.trainSteps());
        };
        TernException.require(
                1 <= steps && steps <= most, "steps", steps, "1.." + most + ", the steps that the model learnt");
    }

    private List<NoiseLevel> visited(int steps, Stops stops) {
        double[] timesteps = switch (stops) {
            case TRAINING_STEPS -> shifted(spacing.timesteps(steps, path.trainSteps()));
            case SIGMAS -> shifted(spacing.points(steps, path.trainSteps()));
            case INTERVALS, INTERVALS_TO_LEAST -> shifted(spacing.intervals(steps, path.trainSteps()));
            case DISTILLED -> distilled(steps);
        };
        List<NoiseLevel> levels = new ArrayList<>();
        for (double timestep : timesteps) {
            levels.add(path.atTimestep(timestep));
        }
        levels.add(
                switch (stops) {
                    case TRAINING_STEPS -> end;
                    case SIGMAS, INTERVALS, DISTILLED -> NoiseLevel.CLEAN;
                    case INTERVALS_TO_LEAST -> path.least();
                });
        return levels;
    }

    /** diffusers applies the offset to one spacing only; past the last step there is nothing. */
    private double[] shifted(double[] timesteps) {
        if (spacing == TimestepSpacing.LEADING) {
            for (int i = 0; i < timesteps.length; i++) {
                timesteps[i] = Math.min(timesteps[i] + offset, path.trainSteps() - 1);
            }
        }
        return timesteps;
    }

    private double[] distilled(int steps) {
        int taught = Math.min(distilledSteps, path.trainSteps());
        int stride = path.trainSteps() / taught;
        double[] timesteps = new double[steps];
        for (int i = 0; i < steps; i++) {
            timesteps[i] = (taught - i * taught / steps) * stride - 1;
        }
        return timesteps;
    }
}
