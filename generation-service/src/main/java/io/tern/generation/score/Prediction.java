package io.tern.generation.score;

import io.tern.generation.linear.LinearCombination;
import io.tern.tensor.FloatTensor;

/**
 * What a network said about x, in any form that a sampler wants. It borrows both tensors.
 *
 * @param dataLimit magnitude to which data are cut, for a model whose data are known to lie within it; infinite for none.
 *     The noise is what the network said all the same, as in diffusers
 */
public record Prediction(FloatTensor x, FloatTensor output, Parameterization.Split split, double dataLimit) {
    public Prediction(FloatTensor x, FloatTensor output, Parameterization.Split split) {
        this(x, output, split, Double.POSITIVE_INFINITY);
    }

    /** The data that x seems to hold: x0. */
    public void data(FloatTensor into) {
        LinearCombination.combine(into, split.dataOfX(), x, split.dataOfOutput(), output);
        if (Double.isFinite(dataLimit)) {
            LinearCombination.clamp(into, dataLimit);
        }
    }

    /** The noise that x seems to hold: ε, of unit variance. */
    public void noise(FloatTensor into) {
        LinearCombination.combine(into, split.noiseOfX(), x, split.noiseOfOutput(), output);
    }
}
