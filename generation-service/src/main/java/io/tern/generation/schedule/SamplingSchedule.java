package io.tern.generation.schedule;

import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a diffusers scheduler file says about time.
 *
 * @param training noise of each training step
 * @param spacing which of them are visited
 * @param offset added to each visited step of {@code leading} spacing; some models learnt from step 1
 * @param end where the last step lands
 */
public record SamplingSchedule(NoiseSchedule training, TimestepSpacing spacing, int offset, NoiseLevel end) {
    public SamplingSchedule {
        if (!(0 <= offset && offset < training.trainSteps())) {
            throw TernException.invalid("steps_offset", offset, "0.." + (training.trainSteps() - 1));
        }
    }

    /** @throws TernException if the model learnt fewer steps */
    public TimeGrid grid(int steps) {
        int trainSteps = training.trainSteps();
        if (!(1 <= steps && steps <= trainSteps)) {
            throw TernException.invalid("steps", steps, "1.." + trainSteps + ", the steps that the model learnt");
        }
        List<NoiseLevel> levels = new ArrayList<>();
        for (int timestep : spacing.timesteps(steps, trainSteps)) {
            // diffusers applies the offset to this spacing only; past the last step there is nothing
            int visited = spacing == TimestepSpacing.LEADING ? Math.min(timestep + offset, trainSteps - 1) : timestep;
            levels.add(training.level(visited));
        }
        levels.add(end);
        return new TimeGrid(levels);
    }
}
