package io.tern.generation.sampler;

import io.tern.tensor.FloatTensor;

/** Hears of each step on the sampling thread; what it throws ends the sampling. */
@FunctionalInterface
public interface StepListener {
    /**
     * @param step steps done, from 1
     * @param data the data as they seem now, without noise; valid during the call
     */
    void afterStep(int step, FloatTensor data);
}
