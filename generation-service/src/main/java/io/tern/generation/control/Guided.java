package io.tern.generation.control;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.predictor.Predictor;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.sde.SdeWalk;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;

/** A predictor that keeps to what is known: after each step the known part is that of the data, at the noise of the time. */
public final class Guided implements Predictor {
    private final Predictor predictor;
    private final KnownPart part;
    private final FloatTensor data;
    private final FloatTensor noisy;

    /** @param data whose known part is kept; the rest does not matter */
    public Guided(Predictor predictor, KnownPart part, FloatTensor data, Arena arena) {
        this.predictor = predictor;
        this.part = part;
        this.data = data;
        noisy = FloatTensor.allocate(arena, data.shape());
    }

    @Override
    public void step(SdeWalk walk, double from, double to) {
        predictor.step(walk, from, to);
        NoiseLevel marginal = walk.sde().marginal(to);
        LinearCombination.combine(noisy, marginal.signal(), data, marginal.noise(), walk.draw());
        part.replace(walk.x(), noisy);
    }
}
