package io.tern.decoding.convert;

import io.tern.tensor.Shape;
import java.io.IOException;
import java.util.function.DoubleUnaryOperator;

/**
 * Cosines and sines of position · frequency, [positions, columns], written row by row: a long context makes them large.
 *
 * @param magnitude of both, where something is turned
 * @param columns those beyond the frequencies turn by nothing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RotaryTables(double[] frequencies, double magnitude, int positions, int columns) {
    String storeCosines(String name, OnnxGraph graph, WeightFile weights) throws IOException {
        return store(name, Math::cos, graph, weights);
    }

    String storeSines(String name, OnnxGraph graph, WeightFile weights) throws IOException {
        return store(name, Math::sin, graph, weights);
    }

    private String store(String name, DoubleUnaryOperator function, OnnxGraph graph, WeightFile weights)
            throws IOException {
        float[] row = new float[columns];
        weights.begin();
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float)
                        (i < frequencies.length
                                ? magnitude * function.applyAsDouble(position * frequencies[i])
                                : function.applyAsDouble(0));
            }
            weights.put(row, graph.numbers());
        }
        return graph.weight(name, graph.numbers(), Shape.of(positions, columns), weights.end());
    }
}
