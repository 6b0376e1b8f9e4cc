package io.tern.generation.sde;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.NoisePath;
import io.tern.generation.score.Prediction;
import io.tern.generation.score.ScoreModel;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;

/**
 * A network in the coordinates of an SDE, whatever process it has learnt: the level with the same noise per signal is the
 * same thing but for the scale of x. For one thread.
 */
public final class SdeModel {
    private final ScoreModel model;
    private final NoisePath path;
    private final Sde sde;
    private final FloatTensor scaled;

    /** @param like a tensor of the shape of x */
    public SdeModel(ScoreModel model, NoisePath path, Sde sde, FloatTensor like, Arena arena) {
        this.model = model;
        this.path = path;
        this.sde = sde;
        scaled = FloatTensor.allocate(arena, like.shape());
    }

    public Sde sde() {
        return sde;
    }

    /** The time at which the noise is the least that the network knows: where sampling ends. */
    public double endTime() {
        return sde.timeOf(path.least().sigma());
    }

    /** ∇ log p(x) at time t: −ε / noise. */
    public void score(FloatTensor out, FloatTensor x, double t) {
        predict(x, t).noise(out);
        LinearCombination.scale(out, -1 / sde.marginal(t).noise(), out);
    }

    /** The data that x seems to hold: Tweedie's formula. Efron 2011. */
    public void data(FloatTensor out, FloatTensor x, double t) {
        predict(x, t).data(out);
    }

    private Prediction predict(FloatTensor x, double t) {
        NoiseLevel marginal = sde.marginal(t);
        NoiseLevel level = path.atSigma(marginal.sigma());
        LinearCombination.scale(scaled, level.signal() / marginal.signal(), x);
        return model.predict(scaled, level);
    }
}
