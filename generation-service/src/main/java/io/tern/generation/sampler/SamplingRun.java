package io.tern.generation.sampler;

import io.tern.generation.noise.Noise;
import io.tern.generation.schedule.TimeGrid;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;

/**
 * What one sample is made with.
 *
 * @param grid the levels to walk along
 * @param noise for samplers that add some on the way
 * @param listener told after each step
 * @param arena owns the sample and the sampler's buffers
 */
public record SamplingRun(TimeGrid grid, Noise noise, StepListener listener, Arena arena) {
    public FloatTensor allocateLike(FloatTensor tensor) {
        return FloatTensor.allocate(arena, tensor.shape());
    }
}
