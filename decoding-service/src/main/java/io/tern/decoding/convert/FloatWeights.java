package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.whole;

import io.tern.tensor.Shape;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every weight as a number of the graph: in float32 exactly what the file says, the reference that the others are measured
 * against; in float16 half of the bytes.
 */
final class FloatWeights implements WeightFormat {
    private final OnnxGraph graph;
    private final WeightFile weights;
    private final Map<Matrix, String> tables = new HashMap<>();

    FloatWeights(OnnxGraph graph, WeightFile weights) {
        this.graph = graph;
        this.weights = weights;
    }

    @Override
    public String multiply(String input, String name, Matrix matrix) throws IOException {
        Shape shape = Shape.of(matrix.columns(), matrix.rows());
        weights.begin();
        float[] transposed = transposed(matrix);
        weights.put(transposed, graph.numbers());
        String weight = graph.weight(name + ".weight", graph.numbers(), shape, weights.end());
        return graph.node(Operator.onnx("MatMul"), List.of(input, weight), name);
    }

    @Override
    public String embed(String tokenIds, Matrix table) throws IOException {
        return graph.node(Operator.onnx("Gather", whole("axis", 0)), List.of(table(table), tokenIds), "embedded");
    }

    @Override
    public void logits(String input, Matrix table, String output) throws IOException {
        graph.node(Operator.onnx("Gemm", whole("transB", 1)), List.of(input, table(table)), output);
    }

    private String table(Matrix matrix) throws IOException {
        if (!tables.containsKey(matrix)) {
            tables.put(matrix, stored("table." + tables.size(), matrix));
        }
        return tables.get(matrix);
    }

    private String stored(String name, Matrix matrix) throws IOException {
        float[] row = new float[matrix.columns()];
        weights.begin();
        for (int i = 0; i < matrix.rows(); i++) {
            matrix.row(i).dequantize(row);
            weights.put(row, graph.numbers());
        }
        Shape shape = Shape.of(matrix.rows(), matrix.columns());
        return graph.weight(name, graph.numbers(), shape, weights.end());
    }

    private static float[] transposed(Matrix matrix) {
        int rows = matrix.rows();
        float[] row = new float[matrix.columns()];
        float[] transposed = new float[Math.multiplyExact(rows, row.length)];
        for (int i = 0; i < rows; i++) {
            matrix.row(i).dequantize(row);
            for (int j = 0; j < row.length; j++) {
                transposed[j * rows + i] = row[j];
            }
        }
        return transposed;
    }
}
