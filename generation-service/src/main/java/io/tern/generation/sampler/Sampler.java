package io.tern.generation.sampler;

import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;

/** Turns noise into data. Stateless, so one object serves every request. */
@FunctionalInterface
public interface Sampler {
    /**
     * @param start a sample at the grid's first level, signal·data + noise·ε, which is left as it is:
     *     [1, channels, height, width]
     * @return the sample, allocated from the run's arena
     */
    FloatTensor sample(ScoreModel model, FloatTensor start, SamplingRun run);
}
