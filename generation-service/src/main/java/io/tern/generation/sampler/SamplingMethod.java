package io.tern.generation.sampler;

import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.schedule.TimeGrid;
import java.util.Map;

/** How a sample is made: which sampler, over which levels. One that exists is possible, but for what only a model can say. */
public interface SamplingMethod {
    Sampler create();

    /** @throws io.tern.base.TernException INVALID_ARGUMENT for what the model has not */
    TimeGrid grid(SamplingSchedule model, int steps);

    /** Deviation of the noise that it starts from, at the grid's first level. */
    double startDeviation(NoiseLevel first);

    /** What it was made from, by the names of the wire contract: texts, numbers, and maps of them. */
    Map<String, Object> settings();
}
