package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.whole;

import java.io.IOException;
import java.util.List;

/** The half of a layer that works on each token alone: down(activation(gate(x)) · up(x)). Shazeer 2020. */
record FeedForward(OnnxGraph graph, Projections projections, DecoderTensors tensors, DecoderDesign design) {
    String add(int layer, String input) throws IOException {
        String name = "layer." + layer + ".";
        String block = "blk." + layer + ".";
        DecoderShape shape = design.shape();
        Projection gateUp = Projection.stacked(
                tensors.projection(block + "ffn_gate", shape.feedForward(), shape.width()),
                tensors.projection(block + "ffn_up", shape.feedForward(), shape.width()));
        String both = projections.add(input, name + "gate_up", gateUp);
        Operator split = Operator.onnx("Split", whole("axis", -1), whole("num_outputs", 2));
        graph.node(split, List.of(both), List.of(name + "gate", name + "up"));
        String opened = graph.node(design.activation().operator(), List.of(name + "gate"), name + "opened");
        String gated = graph.node(Operator.onnx("Mul"), List.of(opened, name + "up"), name + "gated");
        Projection down = tensors.projection(block + "ffn_down", shape.width(), shape.feedForward());
        return projections.add(gated, name + "down", down);
    }
}
