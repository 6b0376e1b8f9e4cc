package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.real;
import static io.tern.decoding.convert.Operator.Attribute.whole;

import java.io.IOException;
import java.util.List;

/** Division by the root of the mean square, then multiplication by a weight. Zhang and Sennrich 2019. */
final class Norms {
    private final OnnxGraph graph;
    private final Vectors vectors;
    private final DecoderTensors tensors;
    private final DecoderShape shape;

    Norms(OnnxGraph graph, Vectors vectors, DecoderTensors tensors, DecoderShape shape) {
        this.graph = graph;
        this.vectors = vectors;
        this.tensors = tensors;
        this.shape = shape;
    }

    /** What flows from layer to layer: the sum so far, and what the next layer reads of it. */
    record Stream(String normalized, String residual) {}

    /** Of each vector along the last axis. */
    String each(String input, String weight, int size, String output) throws IOException {
        Operator norm = Operator.onnx(
                "SimplifiedLayerNormalization",
                whole("axis", -1),
                real("epsilon", (float) shape.rmsEpsilon()),
                whole("stash_type", 1));
        return graph.node(norm, List.of(input, vector(weight, size)), output);
    }

    /** Of the residual stream, or of what is to be added to it. */
    String each(String input, String weight, String output) throws IOException {
        return each(input, weight, shape.width(), output);
    }

    /** Adds to the residual and normalises the sum. */
    Stream ofSum(String name, String input, String residual, String weight) throws IOException {
        Operator norm =
                Operator.microsoft("SkipSimplifiedLayerNormalization", real("epsilon", (float) shape.rmsEpsilon()));
        Stream out = new Stream(name + ".norm", name + ".residual");
        List<String> inputs = List.of(input, residual, vector(weight, shape.width()));
        graph.node(norm, inputs, List.of(out.normalized, "", "", out.residual));
        return out;
    }

    /** Adds to the residual, which the next half of a layer reads as it is. */
    Stream ofSum(String name, String input, String residual) {
        String sum = graph.node(Operator.onnx("Add"), List.of(residual, input), name + ".residual");
        return new Stream(sum, sum);
    }

    private String vector(String weight, int size) throws IOException {
        return vectors.store(weight, tensors.norm(weight, size));
    }
}
