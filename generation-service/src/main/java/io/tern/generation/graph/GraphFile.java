package io.tern.generation.graph;

import io.tern.base.TernException;
import io.tern.onnx.ModelSignature;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares what a graph takes and gives with what we will bind. A dimension that the graph leaves open fits; the first
 * one, the batch, must be open.
 */
public record GraphFile(String name, ModelSignature signature) {
    private static final Set<ElementType> FLOATS = Set.of(ElementType.FLOAT32, ElementType.FLOAT16);
    private static final Set<ElementType> INTEGERS = Set.of(ElementType.INT64, ElementType.INT32);

    /** @param row shape of one row without the batch, -1 for any */
    public void requireFloats(String input, long... row) {
        require("input", input, signature.inputs(), FLOATS, row);
    }

    public void requireIntegerInput(String input, long... row) {
        require("input", input, signature.inputs(), INTEGERS, row);
    }

    public void requireOutput(String output, long... row) {
        require("output", output, signature.outputs(), FLOATS, row);
    }

    /** An input of any shape. */
    public void requireOneOf(String input, Set<ElementType> types) {
        TensorInfo info = find("input " + input, input, signature.inputs(), types.toString());
        if (!types.contains(info.type())) {
            throw TernException.invalid(name + ": input " + input, info.type(), "one of " + types);
        }
    }

    /** That we feed every input. */
    public void requireInputsOnly(String... names) {
        List<String> known = List.of(names);
        for (TensorInfo info : signature.inputs()) {
            if (!known.contains(info.name())) {
                throw TernException.invalid(name + ": input", info.name(), "none but " + known);
            }
        }
    }

    private void require(String kind, String tensor, List<TensorInfo> infos, Set<ElementType> types, long... row) {
        String expected = types.stream().sorted().map(String::valueOf).collect(Collectors.joining(" or ")) + " "
                + batchOf(-1, row);
        TensorInfo info = find(kind + " " + tensor, tensor, infos, expected);
        // Two different batches fit only where the batch is open.
        if (!types.contains(info.type()) || !fits(info, 1, row) || !fits(info, 2, row)) {
            throw TernException.invalid(name + ": " + kind + " " + tensor, info.type() + " " + info.shape(), expected);
        }
    }

    private TensorInfo find(String what, String tensor, List<TensorInfo> infos, String expected) {
        return infos.stream()
                .filter(candidate -> candidate.name().equals(tensor))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        name + ": " + what,
                        "absent among " + infos.stream().map(TensorInfo::name).toList(),
                        expected));
    }

    /** A dimension of which we ask nothing may be what the graph has. */
    private static boolean fits(TensorInfo info, long rows, long... row) {
        long[] wanted = batchOf(rows, row).toArray();
        for (int axis = 1; axis < wanted.length && axis < info.shape().rank(); axis++) {
            if (wanted[axis] < 0) {
                wanted[axis] = Math.max(1, info.shape().dimension(axis));
            }
        }
        return info.accepts(Shape.of(wanted));
    }

    static Shape batchOf(long rows, long... row) {
        long[] dimensions = new long[row.length + 1];
        dimensions[0] = rows;
        System.arraycopy(row, 0, dimensions, 1, row.length);
        return Shape.of(dimensions);
    }
}
