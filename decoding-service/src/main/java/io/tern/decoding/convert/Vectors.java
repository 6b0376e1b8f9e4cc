package io.tern.decoding.convert;

import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;

/** Weights that stay float32 in every precision: norms and biases. */
record Vectors(OnnxGraph graph, WeightFile weights) {
    String store(String name, float[] values) throws IOException {
        weights.begin();
        weights.put(values);
        return graph.weight(name, ElementType.FLOAT32, Shape.of(values.length), weights.end());
    }
}
