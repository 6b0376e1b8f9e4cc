package io.tern.decoding.convert;

import java.io.IOException;
import java.util.List;

/** Matrix products in the model's precision, with their biases. */
record Projections(OnnxGraph graph, Vectors vectors, WeightFormat format) {
    /** {@code input} [.., in] to [.., out]. */
    String add(String input, String name, Projection projection) throws IOException {
        String product = format.multiply(input, name, projection.matrix());
        float[] bias = projection.bias();
        if (bias == null) {
            return product;
        }
        String stored = vectors.store(name + ".bias", bias);
        return graph.node(Operator.onnx("Add"), List.of(product, stored), name + ".biased");
    }
}
