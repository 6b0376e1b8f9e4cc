package io.tern.generation.score;

import io.tern.generation.linear.LinearCombination;
import io.tern.tensor.FloatTensor;

/** What a network said about x, in any form that a sampler wants. It borrows both tensors. */
public record Prediction(FloatTensor x, FloatTensor output, Parameterization.Split split) {
    /** The data that x seems to hold: x0. */
    public void data(FloatTensor into) {
        LinearCombination.combine(into, split.dataOfX(), x, split.dataOfOutput(), output);
    }

    /** The noise that x seems to hold: ε, of unit variance. */
    public void noise(FloatTensor into) {
        LinearCombination.combine(into, split.noiseOfX(), x, split.noiseOfOutput(), output);
    }
}
