package io.tern.generation.pipeline;

import io.tern.base.TernException;
import io.tern.onnx.ModelSignature;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.util.List;

/**
 * Compares what a graph takes and gives with what we will bind. A dimension that the graph leaves open fits; the first
 * one, the batch, must be open.
 */
record GraphFile(String name, ModelSignature signature) {
    /** @param row shape of one row, without the batch */
    void requireInput(String input, ElementType type, long... row) {
        require("input", input, signature.inputs(), type, row);
    }

    void requireOutput(String output, ElementType type, long... row) {
        require("output", output, signature.outputs(), type, row);
    }

    /** That we feed every input. */
    void requireInputsOnly(String... names) {
        List<String> known = List.of(names);
        for (TensorInfo info : signature.inputs()) {
            if (!known.contains(info.name())) {
                throw TernException.invalid(name + ": input", info.name(), "none but " + known);
            }
        }
    }

    private void require(String kind, String tensor, List<TensorInfo> infos, ElementType type, long... row) {
        String field = name + ": " + kind + " " + tensor;
        String expected = type + " " + batchOf(-1, row);
        TensorInfo info = infos.stream()
                .filter(candidate -> candidate.name().equals(tensor))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        field,
                        "absent among " + infos.stream().map(TensorInfo::name).toList(),
                        expected));
        // Two different batches fit only where the batch is open.
        if (info.type() != type || !info.accepts(batchOf(1, row)) || !info.accepts(batchOf(2, row))) {
            throw TernException.invalid(field, info.type() + " " + info.shape(), expected);
        }
    }

    static Shape batchOf(long rows, long... row) {
        long[] dimensions = new long[row.length + 1];
        dimensions[0] = rows;
        System.arraycopy(row, 0, dimensions, 1, row.length);
        return Shape.of(dimensions);
    }
}
