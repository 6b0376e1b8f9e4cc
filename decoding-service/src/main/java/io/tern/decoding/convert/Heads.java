package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.whole;

import java.io.IOException;
import java.util.List;

/**
 * What happens to queries, keys and values between the projections and the attention: queries and keys are normalised,
 * where the family does so, and heads are filled up with zeros to a size that the attention's kernel takes.
 */
final class Heads {
    private final OnnxGraph graph;
    private final Norms norms;
    private final DecoderDesign design;
    private final int size;
    private final int kernelSize;

    Heads(OnnxGraph graph, Norms norms, DecoderDesign design) {
        this.graph = graph;
        this.norms = norms;
        this.design = design;
        this.size = design.shape().headSize();
        this.kernelSize = design.shape().kernelHeadSize();
        if (isUsed()) {
            constants();
        }
    }

    private boolean isUsed() {
        return design.queryKeyNorms() != QueryKeyNorms.NONE || isPadded();
    }

    private boolean isPadded() {
        return kernelSize != size;
    }

    private void constants() {
        DecoderShape shape = design.shape();
        graph.constant("heads.split", shape.queryWidth(), shape.keyValueWidth(), shape.keyValueWidth());
        graph.constant("heads.shape", 0, 0, -1, size); // 0 keeps the dimension
        graph.constant("heads.flat", 0, 0, -1);
        graph.constant("heads.pairs", 0, 0, -1, 2, size / 2);
        graph.constant("heads.pair_pads", 0, 0, 0, 0, 0, 0, 0, 0, 0, (kernelSize - size) / 2);
        graph.constant("heads.value_pads", 0, 0, 0, 0, 0, 0, 0, kernelSize - size);
        graph.constant("heads.kernel_shape", 0, 0, -1, kernelSize);
        graph.constant("heads.begin", 0);
        graph.constant("heads.end", size);
        graph.constant("heads.axis", 3);
    }

    /** [1, T, heads of q, k and v] as projected to the same as the kernel wants them. */
    String toKernel(int layer, String packed) throws IOException {
        if (!isUsed()) {
            return packed;
        }
        String name = "layer." + layer + ".";
        Operator split = Operator.onnx("Split", whole("axis", -1));
        graph.node(split, List.of(packed, "heads.split"), List.of(name + "q", name + "k", name + "v"));
        DecoderShape shape = design.shape();
        String query = turned(name + "q", "blk." + layer + ".attn_q_norm.weight", shape.queryWidth());
        String key = turned(name + "k", "blk." + layer + ".attn_k_norm.weight", shape.keyValueWidth());
        String value = isPadded() ? padded(name + "v", "heads.shape", "heads.value_pads") : name + "v";
        return graph.node(Operator.onnx("Concat", whole("axis", -1)), List.of(query, key, value), name + "heads");
    }

    /** Queries or keys: normalised, and each half of a head filled up, as elements of the two are turned in pairs. */
    private String turned(String input, String norm, int width) throws IOException {
        String result = switch (design.queryKeyNorms()) {
            case NONE -> input;
            case EACH_HEAD -> {
                String heads = reshaped(input, "heads.shape", input + ".heads");
                String normalized = norms.each(heads, norm, size, input + ".normalized");
                yield reshaped(normalized, "heads.flat", input + ".flat");
            }
            case ALL_HEADS -> norms.each(input, norm, width, input + ".normalized");
        };
        return isPadded() ? padded(result, "heads.pairs", "heads.pair_pads") : result;
    }

    private String padded(String input, String shape, String pads) {
        String parts = reshaped(input, shape, input + ".parts");
        String filled = graph.node(Operator.onnx("Pad"), List.of(parts, pads), input + ".filled");
        return reshaped(filled, "heads.flat", input + ".padded");
    }

    /** [1, T, heads] of the kernel to [1, T, heads] as the next projection wants them. */
    String fromKernel(int layer, String attended) {
        if (!isPadded()) {
            return attended;
        }
        String name = "layer." + layer + ".attended";
        String heads = reshaped(attended, "heads.kernel_shape", name + ".heads");
        List<String> slice = List.of(heads, "heads.begin", "heads.end", "heads.axis");
        return reshaped(graph.node(Operator.onnx("Slice"), slice, name + ".cut"), "heads.flat", name + ".unpadded");
    }

    private String reshaped(String input, String shape, String output) {
        return graph.node(Operator.onnx("Reshape"), List.of(input, shape), output);
    }
}
