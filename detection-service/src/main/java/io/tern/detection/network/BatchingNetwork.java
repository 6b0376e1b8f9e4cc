package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.base.Rendezvous;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Runs the calls of several threads together, each taking its rows. A call gives what the network alone gives for its
 * inputs, in whatever company; calls whose inputs differ in shape share no run. When a run is due, {@link Rendezvous} says;
 * priority is not its matter: who may call at all is ordered before, by the workers on which calls are made. Safe for
 * several threads.
 */
public final class BatchingNetwork implements Network {
    private final Network network;
    private final BatchLimits limits;
    private final Rendezvous<Call> rendezvous;

    /** @param network with a free first dimension in all inputs and outputs, whose rows do not depend on each other */
    public BatchingNetwork(Network network, BatchLimits limits) {
        this.network = network;
        this.limits = limits;
        var together = new Rendezvous.Limits(limits.most(), limits.delay(), limits.concurrency());
        rendezvous = new Rendezvous<>(together, call -> call.inputs.size(), Call::kind, this::run);
    }

    @Override
    public Map<String, FloatTensor> run(
            Map<String, FloatTensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        return run(new Call(List.of(inputs), outputs), arena, cancellation).getFirst();
    }

    @Override
    public int mostTogether() {
        return limits.most();
    }

    @Override
    public List<Map<String, FloatTensor>> runAll(
            List<Map<String, FloatTensor>> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        return inputs.size() <= limits.most() && ofOneShape(inputs)
                ? run(new Call(inputs, outputs), arena, cancellation)
                : Network.super.runAll(inputs, outputs, arena, cancellation);
    }

    private static boolean ofOneShape(List<Map<String, FloatTensor>> inputs) {
        return inputs.stream().map(BatchingNetwork::shapes).distinct().count() == 1;
    }

    private List<Map<String, FloatTensor>> run(Call call, Arena arena, Cancellation cancellation) {
        rendezvous.call(call, cancellation);
        return call.results.stream().map(result -> copy(result, arena)).toList();
    }

    /** Calls that wait for a run. */
    public int waiting() {
        return rendezvous.waiting();
    }

    private void run(List<Call> batch, Cancellation cancellation) {
        Arena shared = Arena.ofAuto(); // of several threads, and who of them is the last does not matter
        List<Map<String, FloatTensor>> rows =
                batch.stream().flatMap(call -> call.inputs.stream()).toList();
        Map<String, FloatTensor> packed = rows.size() == 1 ? rows.getFirst() : packed(rows, shared);
        Map<String, FloatTensor> results = network.run(packed, batch.getFirst().outputs, shared, cancellation);
        int row = 0;
        for (Call call : batch) {
            List<Map<String, FloatTensor>> own = new ArrayList<>();
            for (int i = 0; i < call.inputs.size(); i++) {
                own.add(row(results, row++, rows.size()));
            }
            call.results = own;
        }
    }

    private static Map<String, FloatTensor> packed(List<Map<String, FloatTensor>> rows, Arena arena) {
        Map<String, FloatTensor> packed = new HashMap<>();
        rows.getFirst().forEach((name, first) -> {
            FloatTensor all = FloatTensor.allocate(arena, first.shape().withFirst(rows.size()));
            for (int row = 0; row < rows.size(); row++) {
                var _ = all.row(row)
                        .copyFrom(Objects.requireNonNull(rows.get(row).get(name)));
            }
            packed.put(name, all);
        });
        return packed;
    }

    private static Map<String, FloatTensor> row(Map<String, FloatTensor> results, int row, int rows) {
        if (rows == 1) {
            return results; // whatever its shape: some networks give one row for each box
        }
        Map<String, FloatTensor> own = new HashMap<>();
        results.forEach((name, result) -> {
            if (result.shape().rank() == 0 || result.shape().dimension(0) != rows) {
                throw new IllegalStateException(
                        name + ": " + result.shape() + " (expected: a first dimension of " + rows + ")");
            }
            own.put(name, result.row(row));
        });
        return own;
    }

    private static Map<String, FloatTensor> copy(Map<String, FloatTensor> tensors, Arena arena) {
        Map<String, FloatTensor> copies = new HashMap<>();
        tensors.forEach((name, tensor) -> copies.put(name, tensor.copy(arena)));
        return copies;
    }

    private static Map<String, Shape> shapes(Map<String, FloatTensor> tensors) {
        Map<String, Shape> shapes = new TreeMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    @Override
    public Optional<RawGraph> graph() {
        return network.graph();
    }

    @Override
    public void close() {
        network.close();
    }

    /** The inputs are copied, since a caller's memory may be its thread's alone, and another thread may run the batch. */
    private static final class Call {
        private final List<Map<String, FloatTensor>> inputs;
        private final List<String> outputs;
        /** Written before the call returns, read after. */
        private List<Map<String, FloatTensor>> results = List.of();

        /** @param inputs of each row, all of one shape */
        Call(List<Map<String, FloatTensor>> inputs, List<String> outputs) {
            Arena shared = Arena.ofAuto();
            this.inputs = inputs.stream().map(row -> copy(row, shared)).toList();
            this.outputs = List.copyOf(outputs);
        }

        Object kind() {
            return List.of(shapes(inputs.getFirst()), outputs);
        }
    }

    /**
     * Whether a network gives each of two inputs the same bits alone and in one run, on this machine. Call it on a platform
     * thread.
     */
    public static boolean keepsRowsApart(
            Network network, Map<String, FloatTensor> one, Map<String, FloatTensor> other, List<String> outputs) {
        try (Arena arena = Arena.ofConfined()) {
            Map<String, FloatTensor> both = new HashMap<>();
            one.forEach((name, first) -> {
                FloatTensor second = Objects.requireNonNull(other.get(name), name);
                FloatTensor packed = FloatTensor.allocate(arena, first.shape().withFirst(2));
                var _ = packed.row(0).copyFrom(first);
                var _ = packed.row(1).copyFrom(second);
                both.put(name, packed);
            });
            var alone = List.of(
                    network.run(one, outputs, arena, Cancellation.none()),
                    network.run(other, outputs, arena, Cancellation.none()));
            Map<String, FloatTensor> together = network.run(both, outputs, arena, Cancellation.none());
            return together.entrySet().stream().allMatch(entry -> sameRows(entry.getKey(), entry.getValue(), alone));
        }
    }

    private static boolean sameRows(String name, FloatTensor together, List<Map<String, FloatTensor>> alone) {
        if (together.shape().rank() == 0 || together.shape().dimension(0) != alone.size()) {
            return false;
        }
        for (int row = 0; row < alone.size(); row++) {
            FloatTensor single = alone.get(row).get(name);
            if (single == null
                    || !Arrays.equals(single.toArray(), together.row(row).toArray())) {
                return false;
            }
        }
        return true;
    }
}
