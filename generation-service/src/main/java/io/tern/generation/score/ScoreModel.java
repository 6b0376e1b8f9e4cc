package io.tern.generation.score;

import io.tern.generation.schedule.NoiseLevel;
import io.tern.tensor.FloatTensor;
import java.util.function.ToDoubleFunction;

/** Estimates, for a sample and its level of noise, the data and the noise in it; the score is −ε / noise. */
@FunctionalInterface
public interface ScoreModel {
    /**
     * @param x samples at {@code level}: [rows, channels, height, width]
     * @return valid until the next call, or until x changes
     */
    Prediction predict(FloatTensor x, NoiseLevel level);

    /**
     * A network that answers in the given form.
     *
     * @param told what it is told of a level
     * @param dataLimit as {@link Prediction#dataLimit()}
     */
    static ScoreModel of(
            Network network, Parameterization parameterization, ToDoubleFunction<NoiseLevel> told, double dataLimit) {
        return (x, level) -> new Prediction(
                x, network.predict(x, told.applyAsDouble(level)), parameterization.split(level), dataLimit);
    }
}
