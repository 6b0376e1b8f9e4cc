package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.whole;

import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Matrices as 4-bit integers with a step and an offset for 32 of a row: x·W = MatMulNBits(x) + (sums of 32 of x)·offsets,
 * which keeps Q4_0, Q4_1 and Q4_K exactly; the sums are made once for each x. Embedding and head stay 8-bit integers.
 */
final class Int4Weights implements WeightFormat {
    private static final int INT8_ACTIVATIONS = 4;
    private static final int BITS = 4;

    private final OnnxGraph graph;
    private final WeightFile weights;
    private final Int8Weights tables;
    /** By the name of what was summed. */
    private final Map<String, String> sums = new HashMap<>();

    Int4Weights(OnnxGraph graph, WeightFile weights) {
        this.graph = graph;
        this.weights = weights;
        this.tables = new Int8Weights(graph, weights);
    }

    @Override
    public String embed(String tokenIds, Matrix table) throws IOException {
        return tables.embed(tokenIds, table);
    }

    @Override
    public void logits(String input, Matrix table, String output) throws IOException {
        tables.logits(input, table, output);
    }

    @Override
    public String multiply(String input, String name, Matrix matrix) throws IOException {
        int columns = matrix.columns();
        TernException.require(
                columns % Int4Blocks.BLOCK == 0,
                "precision",
                "int4 for a matrix with rows of " + columns,
                "fp32, or rows that are a multiple of " + Int4Blocks.BLOCK);
        int blocks = columns / Int4Blocks.BLOCK;
        int rows = matrix.rows();
        Int4Blocks row = new Int4Blocks(columns);
        float[] steps = new float[Math.multiplyExact(rows, blocks)];
        float[] offsets = new float[steps.length];
        boolean shifted = false;
        weights.begin();
        for (int i = 0; i < rows; i++) {
            row.read(matrix.row(i));
            System.arraycopy(row.steps(), 0, steps, i * blocks, blocks);
            for (int block = 0; block < blocks; block++) {
                offsets[block * rows + i] = row.offsets()[block];
                shifted |= row.offsets()[block] != 0;
            }
            weights.put(row.packed());
        }
        Shape shape = Shape.of(rows, blocks, Int4Blocks.BLOCK / 2);
        String integers = graph.weight(name + ".integers", ElementType.UINT8, shape, weights.end());
        String scales = stored(name + ".scales", steps, Shape.of(rows, blocks));
        Operator multiply = Operator.microsoft(
                "MatMulNBits",
                whole("K", columns),
                whole("N", rows),
                whole("bits", BITS),
                whole("block_size", Int4Blocks.BLOCK),
                whole("accuracy_level", INT8_ACTIVATIONS));
        String product = graph.node(multiply, List.of(input, integers, scales), shifted ? name + ".steps" : name);
        if (shifted) {
            String table = stored(name + ".offsets", offsets, Shape.of(blocks, rows));
            String shift = graph.node(Operator.onnx("MatMul"), List.of(sums(input, blocks), table), name + ".shift");
            graph.node(Operator.onnx("Add"), List.of(product, shift), name);
        }
        return name;
    }

    private String stored(String name, float[] values, Shape shape) throws IOException {
        weights.begin();
        weights.put(values);
        return graph.weight(name, ElementType.FLOAT32, shape, weights.end());
    }

    /** [1, T, columns] to the sums of each 32: [1, T, blocks]. */
    private String sums(String input, int blocks) {
        return sums.computeIfAbsent(input, _ -> {
            String shape = graph.constant(input + ".block_shape", 0, 0, blocks, Int4Blocks.BLOCK); // 0 keeps it
            String parts = graph.node(Operator.onnx("Reshape"), List.of(input, shape), input + ".blocks");
            String axis = graph.constant(input + ".block_axis", 3);
            Operator sum = Operator.onnx("ReduceSum", whole("keepdims", 0));
            return graph.node(sum, List.of(parts, axis), input + ".block_sums");
        });
    }
}
