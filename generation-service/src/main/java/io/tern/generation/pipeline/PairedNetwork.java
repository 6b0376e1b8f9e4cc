package io.tern.generation.pipeline;

import io.tern.generation.score.Network;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;

/** Runs a sample twice in one batch and drops the second row: for graphs that give one row alone other bits. */
final class PairedNetwork implements Network {
    private final Network pair;
    private final FloatTensor rows;

    PairedNetwork(Network pair, Shape pairShape, Arena arena) {
        this.pair = pair;
        this.rows = FloatTensor.allocate(arena, pairShape);
    }

    @Override
    public FloatTensor predict(FloatTensor x, double timestep) {
        rows.row(0).copyFrom(x);
        rows.row(1).copyFrom(x);
        return pair.predict(rows, timestep).row(0);
    }
}
