package io.tern.generation.sde;

import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.Noise;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;

/** One sample on its way back in time, which predictors and correctors move. For one thread. */
public final class SdeWalk {
    private final SdeModel model;
    private final Noise source;
    private final FloatTensor x;
    private final FloatTensor estimate;
    private final FloatTensor noise;
    private int draws;

    /** @param x the sample, in the coordinates of the model's SDE; it is written */
    public SdeWalk(SdeModel model, Noise source, FloatTensor x, Arena arena) {
        this.model = model;
        this.source = source;
        this.x = x;
        estimate = FloatTensor.allocate(arena, x.shape());
        noise = FloatTensor.allocate(arena, x.shape());
    }

    public Sde sde() {
        return model.sde();
    }

    public FloatTensor x() {
        return x;
    }

    /** ∇ log p(x) at time t; valid until the next estimate. */
    public FloatTensor score(double t) {
        model.score(estimate, x, t);
        return estimate;
    }

    /** The data that x seems to hold at time t; valid until the next estimate. */
    public FloatTensor data(double t) {
        model.data(estimate, x, t);
        return estimate;
    }

    /** The run's next noise, of unit variance; valid until the next. */
    public FloatTensor draw() {
        source.fill(++draws, noise);
        return noise;
    }

    /** x = keep·x + weight·direction + deviation·z */
    public void move(double keep, double weight, FloatTensor direction, double deviation) {
        LinearCombination.combine(x, keep, x, weight, direction);
        if (deviation > 0) {
            LinearCombination.add(x, deviation, draw());
        }
    }
}
