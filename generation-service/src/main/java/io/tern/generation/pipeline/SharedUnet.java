package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.score.Network;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The U-Net of a model, whose calls by all requests run together, each row with its own timestep and text. A row has the
 * bits that it has alone, as far as {@link RowEquality} found.
 */
final class SharedUnet implements AutoCloseable {
    /** Of a batch: beyond, a CPU gains nothing and a request only waits. */
    static final int MOST_ROWS = 8;

    private final Inference inference;
    private final Session unet;
    private final long[] latentRow;
    private final long[] textRow;
    private final int minimumRows;
    private final Rendezvous<Call> rendezvous;
    // Shared, since whichever thread runs the batch writes here; owned by that thread while it runs.
    private final Arena arena = Arena.ofShared();
    private final Map<Integer, OnnxNetwork> graphs = new HashMap<>();

    SharedUnet(Inference inference, Session unet, long[] latentRow, long[] textRow, int minimumRows) {
        this.inference = inference;
        this.unet = unet;
        this.latentRow = latentRow.clone();
        this.textRow = textRow.clone();
        this.minimumRows = minimumRows;
        rendezvous = new Rendezvous<>(MOST_ROWS, Call::rows, this::run);
    }

    /**
     * One call.
     *
     * @param x [rows, channels, height, width]; like the others in shared memory, and untouched until the call returns
     * @param text [rows, tokens, width]
     * @param output is written, in x's shape
     */
    record Call(FloatTensor x, double timestep, FloatTensor text, FloatTensor output) {
        int rows() {
            return Math.toIntExact(x.shape().dimension(0));
        }
    }

    /** Held by a request as long as it is going to call. */
    Rendezvous.Guest join() {
        return rendezvous.join();
    }

    /** The U-Net under a text, for one request. */
    Network network(FloatTensor text, Arena shared, Cancellation cancellation) {
        FloatTensor input =
                FloatTensor.allocate(shared, GraphFile.batchOf(text.shape().dimension(0), latentRow));
        FloatTensor output = FloatTensor.allocate(shared, input.shape());
        return (x, timestep) -> {
            // A copy, since a sampler's own memory may be its thread's alone.
            rendezvous.call(new Call(input.copyFrom(x), timestep, text, output), cancellation);
            return output;
        };
    }

    /** Runs calls as one batch; for one thread at a time. */
    void run(List<Call> calls, Cancellation cancellation) {
        int rows = calls.stream().mapToInt(Call::rows).sum();
        OnnxNetwork graph = graphs.computeIfAbsent(Math.max(rows, minimumRows), this::bind);
        int row = 0;
        for (Call call : calls) {
            for (int i = 0; i < call.rows(); i++) {
                graph.put(row++, call.x().row(i), call.timestep(), call.text().row(i));
            }
        }
        for (; row < minimumRows; row++) { // company for a row that has other bits alone
            graph.put(
                    row,
                    calls.getFirst().x().row(0),
                    calls.getFirst().timestep(),
                    calls.getFirst().text().row(0));
        }
        FloatTensor said = graph.run(cancellation);
        row = 0;
        for (Call call : calls) {
            for (int i = 0; i < call.rows(); i++) {
                call.output().row(i).copyFrom(said.row(row++));
            }
        }
    }

    private OnnxNetwork bind(int rows) {
        FloatTensor text = FloatTensor.allocate(arena, GraphFile.batchOf(rows, textRow));
        return new OnnxNetwork(inference, unet, text, latentRow, arena, Cancellation.none());
    }

    /** Only when no request is open. */
    @Override
    public void close() {
        graphs.values().forEach(OnnxNetwork::close);
        arena.close();
    }
}
