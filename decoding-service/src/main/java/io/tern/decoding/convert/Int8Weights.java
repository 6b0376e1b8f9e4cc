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
 * Matrices as 8-bit integers with one scale for 32 of a row ({@code MatMulNBits}), multiplied with activations that are
 * rounded to 8 bits too. What the file has as Q8_0 is kept exactly, everything else is rounded once more.
 */
final class Int8Weights implements WeightFormat {
    /** Activations are quantised to int8, block by block; level 0 would compute in float32, 30 times slower. */
    private static final int INT8_ACTIVATIONS = 4;
    /** Weights are stored unsigned; MatMulNBits takes 128 for the zero point when none is given. */
    private static final float ZERO_POINT = 128;

    private final OnnxGraph graph;
    private final WeightFile weights;
    private final Map<Matrix, Stored> tables = new HashMap<>();

    Int8Weights(OnnxGraph graph, WeightFile weights) {
        this.graph = graph;
        this.weights = weights;
    }

    @Override
    public String multiply(String input, String name, Matrix matrix) throws IOException {
        multiply(input, store(name, matrix), matrix, name);
        return name;
    }

    /** MatMulNBits' own layout of the table serves both ends: a lookup multiplies 32 integers by their scale. */
    @Override
    public String embed(String tokenIds, Matrix table) throws IOException {
        Stored stored = table(table);
        Operator gather = Operator.onnx("Gather", whole("axis", 0));
        String integers = graph.node(gather, List.of(stored.integers, tokenIds), "embedded.integers");
        String scales = graph.node(gather, List.of(stored.scales, tokenIds), "embedded.scales");
        Operator toFloat = Operator.onnx("Cast", whole("to", ElementType.FLOAT32.onnxCode()));
        String values = graph.node(toFloat, List.of(integers), "embedded.values");
        String zeroPoint = graph.scalar("embedded.zero_point", ZERO_POINT);
        String signed = graph.node(Operator.onnx("Sub"), List.of(values, zeroPoint), "embedded.signed");
        String axis = graph.constant("embedded.block_axis", 3);
        String perBlock = graph.node(Operator.onnx("Unsqueeze"), List.of(scales, axis), "embedded.per_block");
        String scaled = graph.node(Operator.onnx("Mul"), List.of(signed, perBlock), "embedded.scaled");
        String shape = graph.constant("embedded.shape", 0, 0, table.columns()); // 0 keeps the dimension
        return graph.node(Operator.onnx("Reshape"), List.of(scaled, shape), "embedded");
    }

    @Override
    public void logits(String input, Matrix table, String output) throws IOException {
        multiply(input, table(table), table, output);
    }

    private void multiply(String input, Stored stored, Matrix matrix, String output) {
        Operator multiply = Operator.microsoft(
                "MatMulNBits",
                whole("K", matrix.columns()),
                whole("N", matrix.rows()),
                whole("bits", 8),
                whole("block_size", Int8Blocks.BLOCK),
                whole("accuracy_level", INT8_ACTIVATIONS));
        graph.node(multiply, List.of(input, stored.integers, stored.scales), output);
    }

    private Stored table(Matrix matrix) throws IOException {
        if (!tables.containsKey(matrix)) {
            tables.put(matrix, store("table." + tables.size(), matrix));
        }
        return tables.get(matrix);
    }

    private Stored store(String name, Matrix matrix) throws IOException {
        TernException.require(
                matrix.columns() % Int8Blocks.BLOCK == 0,
                "precision",
                "int8 for a matrix with rows of " + matrix.columns(),
                "fp32, or rows that are a multiple of " + Int8Blocks.BLOCK);
        int blocks = matrix.columns() / Int8Blocks.BLOCK;
        Int8Blocks row = new Int8Blocks(matrix.columns());
        float[] scales = new float[Math.multiplyExact(matrix.rows(), blocks)];
        weights.begin();
        for (int i = 0; i < matrix.rows(); i++) {
            row.read(matrix.row(i));
            System.arraycopy(row.scales(), 0, scales, i * blocks, blocks);
            weights.put(row.integers());
        }
        Shape shape = Shape.of(matrix.rows(), blocks, Int8Blocks.BLOCK);
        String integers = graph.weight(name + ".integers", ElementType.UINT8, shape, weights.end());
        weights.begin();
        weights.put(scales);
        Shape scaleShape = Shape.of(matrix.rows(), blocks);
        return new Stored(integers, graph.weight(name + ".scales", ElementType.FLOAT32, scaleShape, weights.end()));
    }

    private record Stored(String integers, String scales) {}
}
