package io.tern.bench;

import io.tern.onnx.Tensor;
import java.lang.foreign.Arena;
import java.util.Random;

/** An input that is ready, run again and again: what the network alone takes. Safe for several threads. */
final class BareLoop implements AutoCloseable {
    private final NanoDetNetwork network;
    private final Arena arena = Arena.ofShared();
    private final Tensor input;

    BareLoop(NanoDetNetwork network) {
        this.network = network;
        float[] values = new float[(int) NanoDetNetwork.INPUT.size()];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        input = network.tensor(values, arena);
    }

    /** How many outputs there were. */
    int run() {
        try (Arena call = Arena.ofConfined()) {
            return network.run(input, call).size();
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
