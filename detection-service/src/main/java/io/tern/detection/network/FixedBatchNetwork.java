package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.network.NetworkSignature.Port;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network whose file fixes how many pictures it takes, used for one: all rows are that picture, and the first row of
 * what comes is its answer. Whoever brings all rows is answered for all. Safe for several threads if the network is.
 *
 * @param rows at least 2
 */
record FixedBatchNetwork(Network network, int rows) implements Network {

    /** How many rows all inputs have, if each has the same fixed count of several; else 1. */
    static int rows(NetworkSignature signature) {
        List<Long> firsts = signature.inputs().stream()
                .map(input -> input.rank() == 4 ? input.shape().dimension(0) : 1)
                .distinct()
                .toList();
        return firsts.size() == 1 && firsts.getFirst() > 1 ? Math.toIntExact(firsts.getFirst()) : 1;
    }

    /** What the network looks like from outside. */
    static NetworkSignature ofOneRow(NetworkSignature signature, int rows) {
        return new NetworkSignature(
                signature.inputs().stream().map(port -> ofOneRow(port, rows)).toList(),
                signature.outputs().stream().map(port -> ofOneRow(port, rows)).toList(),
                signature.metadata(),
                signature.graph());
    }

    private static Port ofOneRow(Port port, int rows) {
        boolean batched = port.rank() > 0 && port.shape().dimension(0) == rows;
        return batched ? new Port(port.name(), port.type(), port.shape().withFirst(1)) : port;
    }

    @Override
    public Map<String, FloatTensor> run(
            Map<String, FloatTensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        if (inputs.values().stream().allMatch(this::isWhole)) {
            return network.run(inputs, outputs, arena, cancellation);
        }
        Map<String, FloatTensor> full = new HashMap<>();
        inputs.forEach((name, input) -> full.put(name, repeated(name, input, arena)));
        Map<String, FloatTensor> first = new HashMap<>();
        network.run(full, outputs, arena, cancellation).forEach((name, output) -> first.put(name, firstRow(output)));
        return first;
    }

    private boolean isWhole(FloatTensor tensor) {
        return tensor.shape().rank() > 0 && tensor.shape().dimension(0) == rows;
    }

    private FloatTensor repeated(String name, FloatTensor input, Arena arena) {
        TernException.require(input.shape().dimension(0) == 1, name, input.shape(), "one row");
        FloatTensor all = FloatTensor.allocate(arena, input.shape().withFirst(rows));
        for (int row = 0; row < rows; row++) {
            var _ = all.row(row).copyFrom(input);
        }
        return all;
    }

    private FloatTensor firstRow(FloatTensor output) {
        return isWhole(output) ? output.row(0) : output;
    }

    @Override
    public Optional<RawGraph> graph() {
        return network.graph();
    }

    @Override
    public void close() {
        network.close();
    }
}
