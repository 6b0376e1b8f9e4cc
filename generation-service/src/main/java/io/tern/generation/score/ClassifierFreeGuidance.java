package io.tern.generation.score;

import io.tern.generation.linear.LinearCombination;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/**
 * Leads away from what the network says without (or against) the prompt: u + w·(c − u). Both are one call of the inner
 * network, whose first row has the unconditional text and whose second row has the prompt. Ho and Salimans 2022, eq. 6,
 * with their weight plus one, as everybody writes it since: w = 1 is no guidance.
 */
public final class ClassifierFreeGuidance implements Network {
    private final Network pair;
    private final double weight;
    private final FloatTensor rows;
    private final FloatTensor guided;

    /** @param shape of one sample: [1, channels, height, width] */
    public ClassifierFreeGuidance(Network pair, double weight, Shape shape, Arena arena) {
        this.pair = pair;
        this.weight = weight;
        long[] two = shape.toArray();
        two[0] = 2;
        rows = FloatTensor.allocate(arena, Shape.of(two));
        guided = FloatTensor.allocate(arena, shape);
    }

    @Override
    public FloatTensor predict(FloatTensor x, double timestep) {
        rows.row(0).copyFrom(x);
        rows.row(1).copyFrom(x);
        FloatTensor both = pair.predict(rows, timestep);
        LinearCombination.towards(guided, both.row(0), weight, both.row(1));
        return guided;
    }
}
