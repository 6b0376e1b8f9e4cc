package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.base.Rendezvous;
import io.tern.generation.graph.Inference;
import io.tern.generation.score.Network;
import io.tern.machine.Exactness;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The denoiser of a model, whose calls by all requests run together, each row with its own timestep and condition. Calls
 * meet where their rows have the same shapes: pictures of one size. A row has the bits that it has alone, as far as {@link
 * RowEquality} found; where it found otherwise, each call runs alone.
 */
final class SharedDenoiser implements AutoCloseable {
    /** Of a batch: beyond, a CPU gains nothing and a request only waits. */
    static final int MOST_ROWS = 8;

    /** What is lost where a request does not come: little beside a run of the network, and enough for a sampler's arithmetic. */
    private static final Duration PATIENCE = Duration.ofMillis(1);

    /** Shapes whose memory is kept: all batches of two sizes. There are as many sizes as requests can think of. */
    private static final int MOST_BOUND = 16;

    private final Inference inference;
    private final Denoiser denoiser;
    private final int minimumRows;
    private final Rendezvous<Call> rendezvous;
    // Whichever thread runs the batch owns this while it runs. The one used last comes last.
    private final SequencedMap<BatchShape, Bound> bound = new LinkedHashMap<>();

    SharedDenoiser(Inference inference, Denoiser denoiser, Exactness exactness) {
        this.inference = inference;
        this.denoiser = denoiser;
        minimumRows = exactness.minimumRows();
        Rendezvous.Limits limits = new Rendezvous.Limits(exactness.bitExact() ? MOST_ROWS : 1, PATIENCE, 1);
        rendezvous = new Rendezvous<>(limits, Call::rows, this::kind, Call::priority, this::run);
    }

    /**
     * One call.
     *
     * @param x [rows, channels, height, width]; like the others in shared memory, and untouched until the call returns
     * @param condition of as many rows
     * @param priority of its request
     * @param output is written, in x's shape
     */
    record Call(FloatTensor x, double timestep, Condition condition, Priority priority, FloatTensor output) {
        int rows() {
            return Math.toIntExact(x.shape().dimension(0));
        }

        BatchShape shape(int rows) {
            return BatchShape.of(x.shape(), condition).withRows(rows);
        }
    }

    /** The network bound to memory of its own, which dies with it. */
    private static final class Bound implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final OnnxNetwork network;

        Bound(Inference inference, Denoiser denoiser, BatchShape shape) {
            try {
                network = denoiser.bind(inference, shape, arena, Cancellation.none());
            } catch (RuntimeException | Error failed) {
                // Out of memory too: a size that is too large takes none with it.
                arena.close();
                throw failed;
            }
        }

        @Override
        public void close() {
            network.close();
            arena.close();
        }
    }

    /**
     * The denoiser under a condition, for one request, which closes it when it is not going to call any more.
     *
     * @param samples [rows, channels, height, width], a row for each of the condition
     * @param shared since another request's thread may run the call
     */
    Conditioned under(Condition condition, Shape samples, Priority priority, Arena shared, Cancellation cancellation) {
        return new Conditioned(condition, samples, priority, shared, cancellation);
    }

    /** For one thread at a time. */
    final class Conditioned implements Network, AutoCloseable {
        private final Rendezvous<Call>.Guest guest;
        private final Condition condition;
        private final Priority priority;
        private final Cancellation cancellation;
        private final FloatTensor input;
        private final FloatTensor output;

        private Conditioned(
                Condition condition, Shape samples, Priority priority, Arena shared, Cancellation cancellation) {
            this.condition = condition;
            this.priority = priority;
            this.cancellation = cancellation;
            input = FloatTensor.allocate(shared, samples);
            output = FloatTensor.allocate(shared, samples);
            guest = rendezvous.join(); // last: nobody is to wait for a request that found no memory
        }

        @Override
        public FloatTensor predict(FloatTensor x, double timestep) {
            // A copy, since a sampler's own memory may be its thread's alone.
            guest.call(new Call(input.copyFrom(x), timestep, condition, priority, output), cancellation);
            return output;
        }

        @Override
        public void close() {
            guest.close();
        }
    }

    /** Only calls that are equal in this can share a batch. */
    private Object kind(Call call) {
        BatchShape row = call.shape(1);
        return denoiser.takesTimestepOfEachRow() ? row : List.of(row, call.timestep());
    }

    /** Runs calls of one kind as one batch; for one thread at a time. */
    void run(List<Call> calls, Cancellation cancellation) {
        int rows = calls.stream().mapToInt(Call::rows).sum();
        Call first = calls.getFirst();
        OnnxNetwork network = bound(first.shape(Math.max(rows, minimumRows)));
        int row = 0;
        for (Call call : calls) {
            for (int i = 0; i < call.rows(); i++) {
                network.put(
                        row++,
                        call.x().row(i),
                        call.timestep(),
                        call.condition().row(i));
            }
        }
        for (; row < minimumRows; row++) { // company for a row that has other bits alone
            network.put(
                    row, first.x().row(0), first.timestep(), first.condition().row(0));
        }
        FloatTensor said = network.run(cancellation);
        row = 0;
        for (Call call : calls) {
            for (int i = 0; i < call.rows(); i++) {
                call.output().row(i).copyFrom(said.row(row++));
            }
        }
    }

    private OnnxNetwork bound(BatchShape shape) {
        Bound found = bound.remove(shape);
        if (found == null) {
            if (bound.size() == MOST_BOUND) {
                bound.pollFirstEntry().getValue().close();
            }
            found = new Bound(inference, denoiser, shape);
        }
        bound.putLast(shape, found);
        return found.network;
    }

    /** Only when no request is open. */
    @Override
    public void close() {
        bound.values().forEach(Bound::close);
    }
}
