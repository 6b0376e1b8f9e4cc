package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.real;
import static io.tern.decoding.convert.Operator.Attribute.whole;

import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.decoding.safetensors.SafetensorsFile;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The graphs of draft heads, which read the target's last hidden states and propose tokens of a small vocabulary; their
 * output matrix is made of the rows of the target's own. {@code models/decoding/README.md} has the formulas.
 */
final class HeadGraphs {
    /** Size of an attention head of the layer; as many keys as queries. */
    private static final int HEAD_SIZE = 64;

    private static final double ROPE_BASE = 100_000;
    private static final float EPSILON = 1e-5f;

    private final SafetensorsFile file;
    private final WeightTensor output;
    private final int[] vocabulary;
    private final OnnxGraph graph;
    private final WeightFile weights;
    private final WeightFormat format;

    private HeadGraphs(
            SafetensorsFile file, WeightTensor output, OnnxGraph graph, WeightFile weights, WeightFormat format) {
        this.file = file;
        this.output = output;
        this.vocabulary = DraftHeads.integers(file, DraftHeads.VOCABULARY);
        this.graph = graph;
        this.weights = weights;
        this.format = format;
    }

    private interface Content {
        void build(HeadGraphs graphs) throws IOException;
    }

    /** Writes one graph with its weights and manifest into an empty folder. */
    static void write(DraftHeads.Head head, SafetensorsFile file, WeightTensor output, Precision precision, Path folder)
            throws IOException {
        Content content = switch (head) {
            case DraftHeads.Head.Medusa() -> HeadGraphs::medusa;
            case DraftHeads.Head.Layer(String prefix, int positions) -> graphs -> graphs.layer(prefix, positions);
        };
        OnnxGraph graph = new OnnxGraph("head", ConvertedModel.WEIGHT_FILE, ElementType.FLOAT32);
        Map<String, String> hashes = new LinkedHashMap<>();
        try (WeightFile weights = new WeightFile(folder.resolve(ConvertedModel.WEIGHT_FILE))) {
            content.build(new HeadGraphs(file, output, graph, weights, precision.format(graph, weights)));
            hashes.put(ConvertedModel.WEIGHT_FILE, weights.finish());
        }
        byte[] model = graph.toModel(1, Map.of("tern.converter", Integer.toString(ModelConverter.VERSION)));
        Files.write(folder.resolve(ConvertedModel.MODEL_FILE), model);
        hashes.put(ConvertedModel.MODEL_FILE, Sha256.of(model));
        Manifest.write(folder, hashes);
    }

    /**
     * {@code hidden} [R, width] to {@code logits} [R · heads, vocabulary], those of all heads for one row together: logits_i = (h + silu(W_i h + b_i)) Wdᵀ. Cai et
     * al. 2024, section 3.1.1, with the target's output matrix in the place of one for each head.
     */
    private void medusa() throws IOException {
        int heads = 1; // the first one has to be there
        while (file.tensors().containsKey("head." + heads + ".weight")) {
            heads++;
        }
        String hidden = graph.input("hidden", ElementType.FLOAT32, "rows", text(width()));
        graph.output("logits", ElementType.FLOAT32, "places", text(vocabulary.length));
        graph.constant("head_axis", 1);
        graph.constant("flat_shape", -1, width());
        String[] opened = new String[heads];
        for (int head = 0; head < heads; head++) {
            String name = "head." + head;
            String product = format.multiply(hidden, name, matrix(name + ".weight", width(), width()));
            String biased = add(product, vector(name + ".bias"), name + ".biased");
            String silu = silu(biased, name + ".silu");
            String sum = add(hidden, silu, name + ".sum");
            opened[head] = graph.node(Operator.onnx("Unsqueeze"), List.of(sum, "head_axis"), name + ".opened");
        }
        String all = graph.node(Operator.onnx("Concat", whole("axis", 1)), List.of(opened), "heads");
        String flat = graph.node(Operator.onnx("Reshape"), List.of(all, "flat_shape"), "flat");
        format.logits(flat, output(), "logits");
    }

    /**
     * One transformer layer over the target's features and the tokens behind them: the draft model of EAGLE (Li et al.
     * 2024) and a module of multi-token prediction (DeepSeek-AI 2024, section 2.2).
     *
     * <p>Inputs: {@code feature} and {@code embedded} [1, T, width], {@code positions} int64 [1, T], {@code past_key} and
     * {@code past_value} [1, S, width], {@code bias} [1, 1, T, S + T], 0 where a row attends and -1e9 elsewhere, {@code
     * rows} int64 [R]. Outputs: {@code key} and {@code value} [1, T, width] of these rows, {@code next} [1, T, width], the
     * feature behind each token, and {@code logits} [R, vocabulary] of the rows that are asked for.
     */
    private void layer(String prefix, int positions) throws IOException {
        int width = width();
        TernException.require(
                width % HEAD_SIZE == 0, "hidden size", width, "a multiple of " + HEAD_SIZE + ", the size of a head");
        String feature = graph.input("feature", ElementType.FLOAT32, "1", "tokens", text(width));
        String embedded = graph.input("embedded", ElementType.FLOAT32, "1", "tokens", text(width));
        graph.input("positions", ElementType.INT64, "1", "tokens");
        graph.input("past_key", ElementType.FLOAT32, "1", "past", text(width));
        graph.input("past_value", ElementType.FLOAT32, "1", "past", text(width));
        graph.input("bias", ElementType.FLOAT32, "1", "1", "tokens", "total");
        graph.input("rows", ElementType.INT64, "rows");
        graph.output("key", ElementType.FLOAT32, "1", "tokens", text(width));
        graph.output("value", ElementType.FLOAT32, "1", "tokens", text(width));
        graph.output("next", ElementType.FLOAT32, "1", "tokens", text(width));
        graph.output("logits", ElementType.FLOAT32, "rows", text(vocabulary.length));
        rotaryTables(positions);
        String both = graph.node(
                Operator.onnx("Concat", whole("axis", -1)),
                List.of(
                        norm(feature, prefix + "nh.weight", "feature_norm"),
                        norm(embedded, prefix + "ne.weight", "embedded_norm")),
                "both");
        String x = format.multiply(both, "fc", matrix(prefix + "fc.weight", width, 2 * width));
        String attended = attention(prefix, norm(x, prefix + "n1.weight", "attention_norm"));
        String middle = add(x, format.multiply(attended, "o", matrix(prefix + "o.weight", width, width)), "middle");
        int inner = DraftHeads.tensor(file, prefix + "d.weight").columns();
        String gated = gated(prefix, norm(middle, prefix + "n2.weight", "middle_norm"), inner);
        String out = add(middle, format.multiply(gated, "d", matrix(prefix + "d.weight", width, inner)), "out");
        norm(out, prefix + "nf.weight", "next");
        graph.constant("flat_shape", -1, width);
        String flat = graph.node(Operator.onnx("Reshape"), List.of("next", "flat_shape"), "flat");
        String picked = graph.node(Operator.onnx("Gather", whole("axis", 0)), List.of(flat, "rows"), "picked");
        format.logits(picked, output(), "logits");
    }

    private String attention(String prefix, String input) throws IOException {
        int heads = width() / HEAD_SIZE;
        String qkv = format.multiply(input, "qkv", matrix(prefix + "qkv.weight", 3 * width(), width()));
        Operator split = Operator.onnx("Split", whole("axis", -1), whole("num_outputs", 3));
        graph.node(split, List.of(qkv), List.of("q", "k", "value"));
        Operator rotary = Operator.microsoft("RotaryEmbedding", whole("num_heads", heads), whole("interleaved", 0));
        graph.node(rotary, List.of("q", "positions", "cos", "sin"), "query");
        graph.node(rotary, List.of("k", "positions", "cos", "sin"), "key");
        Operator concat = Operator.onnx("Concat", whole("axis", 1));
        graph.node(concat, List.of("past_key", "key"), "keys");
        graph.node(concat, List.of("past_value", "value"), "values");
        Operator attention = Operator.microsoft(
                "MultiHeadAttention", whole("num_heads", heads), real("scale", (float) (1 / Math.sqrt(HEAD_SIZE))));
        return graph.node(attention, List.of("query", "keys", "values", "", "", "bias"), "attended");
    }

    private String gated(String prefix, String input, int inner) throws IOException {
        String both = format.multiply(input, "gu", matrix(prefix + "gu.weight", 2 * inner, width()));
        Operator split = Operator.onnx("Split", whole("axis", -1), whole("num_outputs", 2));
        graph.node(split, List.of(both), List.of("gate", "up"));
        return graph.node(Operator.onnx("Mul"), List.of(silu("gate", "opened"), "up"), "gated");
    }

    private void rotaryTables(int positions) throws IOException {
        double[] frequencies = Rotary.plain(ROPE_BASE, HEAD_SIZE).frequencies();
        RotaryTables tables = new RotaryTables(frequencies, 1, positions, frequencies.length);
        tables.storeCosines("cos", graph, weights);
        tables.storeSines("sin", graph, weights);
    }

    private String norm(String input, String weight, String name) throws IOException {
        Operator norm = Operator.onnx(
                "SimplifiedLayerNormalization", whole("axis", -1), real("epsilon", EPSILON), whole("stash_type", 1));
        return graph.node(norm, List.of(input, vector(weight)), name);
    }

    private String silu(String input, String name) {
        return graph.node(Operator.microsoft("QuickGelu", real("alpha", 1)), List.of(input), name);
    }

    private String add(String one, String other, String name) {
        return graph.node(Operator.onnx("Add"), List.of(one, other), name);
    }

    private String vector(String name) throws IOException {
        float[] values = new float[width()];
        DraftHeads.tensor(file, name, width()).dequantizeRow(0, values);
        return floats(name, values, Shape.of(values.length));
    }

    private String floats(String name, float[] values, Shape shape) throws IOException {
        weights.begin();
        weights.put(values);
        return graph.weight(name, ElementType.FLOAT32, shape, weights.end());
    }

    private Matrix matrix(String name, int rows, int columns) {
        return Matrix.of(DraftHeads.tensor(file, name, rows, columns));
    }

    private Matrix output() {
        return Matrix.picked(output, vocabulary);
    }

    private int width() {
        return output.columns();
    }

    private static String text(int size) {
        return Integer.toString(size);
    }
}
