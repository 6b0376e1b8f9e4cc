package io.tern.decoding.convert;

import io.tern.tensor.Shape;
import java.io.IOException;

/** Weights that no precision quantises: norms and biases. */
record Vectors(OnnxGraph graph, WeightFile weights) {
    String store(String name, float[] values) throws IOException {
        weights.begin();
        weights.put(values, graph.numbers());
        return graph.weight(name, graph.numbers(), Shape.of(values.length), weights.end());
    }
}
