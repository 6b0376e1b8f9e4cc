package io.tern.generation.schedule;

import io.tern.base.TernException;
import org.jspecify.annotations.Nullable;

/** What a model's scheduler file says about time: its levels of noise, and which of them are visited. */
public interface SamplingSchedule {
    NoisePath path();

    /**
     * @param sigmas how σ is spread; null for the model's own way
     * @throws TernException INVALID_ARGUMENT if there are not so many steps, or the two do not go together
     */
    TimeGrid grid(int steps, Stops stops, @Nullable SigmaSchedule sigmas);

    /**
     * The same with another spacing.
     *
     * @throws TernException INVALID_ARGUMENT if the model has no such choice
     */
    SamplingSchedule spaced(TimestepSpacing spacing);
}
