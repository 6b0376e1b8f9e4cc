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
    private final Guidance guidance;
    private final FloatTensor rows;
    private final FloatTensor guided;

    /** @param shape of one sample: [1, channels, height, width] */
    public ClassifierFreeGuidance(Network pair, Guidance guidance, Shape shape, Arena arena) {
        this.pair = pair;
        this.guidance = guidance;
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
        FloatTensor prompted = both.row(1);
        LinearCombination.towards(guided, both.row(0), guidance.weight(), prompted);
        if (guidance.rescale() > 0) {
            rescale(prompted);
        }
        return guided;
    }

    /** Great weights overexpose; this takes the contrast back. Lin et al. 2024, eq. 15 and 16. */
    private void rescale(FloatTensor prompted) {
        double ratio = deviation(prompted) / deviation(guided);
        if (Double.isFinite(ratio)) { // a constant output has no contrast to take back
            LinearCombination.scale(guided, guidance.rescale() * ratio + 1 - guidance.rescale(), guided);
        }
    }

    private static double deviation(FloatTensor values) {
        double sum = 0;
        for (long i = 0; i < values.size(); i++) {
            sum += values.get(i);
        }
        double mean = sum / values.size();
        double squares = 0;
        for (long i = 0; i < values.size(); i++) {
            double distance = values.get(i) - mean;
            squares += distance * distance;
        }
        return Math.sqrt(squares / values.size());
    }
}
