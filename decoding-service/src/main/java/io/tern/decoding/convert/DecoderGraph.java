package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.real;
import static io.tern.decoding.convert.Operator.Attribute.whole;

import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufTensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.util.List;

/**
 * The network of a llama-like decoder for one sequence, with keys and values updated in place.
 *
 * <p>Inputs: {@code input_ids} int64 [1, T]; {@code rows} int64 [R], the positions whose logits are wanted; {@code
 * total_sequence_length} int32 [1] = past + T + 1 and {@code seqlens_k} int32 [1], one less; {@code past.L.key} and
 * {@code past.L.value} float [1, heads, capacity, size]. Outputs: {@code logits} [R, vocabulary] and {@code present.L.*},
 * to be bound to the memory of {@code past.L.*}.
 *
 * <p>The attention gets one row more than there are tokens, which is dropped behind it: its kernel for a single row rounds
 * differently from the one for many, and 8-bit activations make whole logits of that. With it a token's result does not
 * depend on how many others come along. The row's key and value lie behind the last token and are overwritten next.
 */
final class DecoderGraph {
    /** Rows of the rotary tables beyond the context: for the extra row and for padded steps. */
    static final int SPARE_POSITIONS = 64;

    private final DecoderTensors tensors;
    private final DecoderFamily family;
    private final DecoderShape shape;
    private final OnnxGraph graph;
    private final WeightFile weights;
    private final WeightFormat format;

    DecoderGraph(GgufFile file, OnnxGraph graph, WeightFile weights, WeightFormat format) {
        this.tensors = new DecoderTensors(file);
        this.family = DecoderFamily.of(file);
        this.shape = family.shape(file);
        this.graph = graph;
        this.weights = weights;
        this.format = format;
    }

    void build() throws IOException {
        String tokens = graph.input("input_ids", ElementType.INT64, "1", "tokens");
        graph.input("rows", ElementType.INT64, "rows");
        graph.input("seqlens_k", ElementType.INT32, "1");
        graph.input("total_sequence_length", ElementType.INT32, "1");
        graph.output("logits", ElementType.FLOAT32, "rows", Integer.toString(shape.vocabulary()));
        constants();
        Matrix embedding = tensors.matrix("token_embd.weight", shape.vocabulary(), shape.width());
        Matrix head = tensors.has("output.weight")
                ? tensors.matrix("output.weight", shape.vocabulary(), shape.width())
                : embedding;
        String residual = format.embed(tokens, embedding);
        String normalized = firstNorm(residual);
        for (int layer = 0; layer < shape.layers(); layer++) {
            Stream stream = layer(layer, new Stream(normalized, residual));
            normalized = stream.normalized;
            residual = stream.residual;
        }
        format.logits(pickedRows(normalized), head, "logits");
        tensors.requireAllUsed();
    }

    private void constants() throws IOException {
        graph.constant("first", 0);
        graph.constant("last", -1);
        graph.constant("end", Long.MAX_VALUE);
        graph.constant("token_axis", 1);
        graph.constant("flat_shape", -1, shape.width());
        RotaryTables tables = new RotaryTables(shape, shape.context() + SPARE_POSITIONS);
        floats("cos", tables.cosines(), tables.shape());
        floats("sin", tables.sines(), tables.shape());
    }

    private String floats(String name, float[] values, Shape valuesShape) throws IOException {
        weights.begin();
        weights.put(values);
        return graph.weight(name, ElementType.FLOAT32, valuesShape, weights.end());
    }

    /** What flows from layer to layer: the sum so far, and what the next layer reads of it. */
    private record Stream(String normalized, String residual) {}

    private Stream layer(int layer, Stream in) throws IOException {
        String name = "layer." + layer + ".";
        String block = "blk." + layer + ".";
        String attended = format.multiply(
                attention(layer, in.normalized),
                name + "attention",
                tensors.matrix(block + "attn_output.weight", shape.width(), shape.queryWidth()));
        Stream middle = skipNorm(name + "middle", attended, in.residual, block + "ffn_norm.weight");
        String down = format.multiply(
                gated(layer, middle.normalized),
                name + "down",
                tensors.matrix(block + "ffn_down.weight", shape.width(), shape.feedForward()));
        boolean last = layer == shape.layers() - 1;
        String next = last ? "output_norm.weight" : "blk." + (layer + 1) + ".attn_norm.weight";
        return skipNorm(name + "out", down, middle.residual, next);
    }

    private String attention(int layer, String input) throws IOException {
        String name = "layer." + layer + ".";
        String packed = format.multiply(input, name + "qkv", queriesKeysValues(layer));
        Operator slice = Operator.onnx("Slice");
        String row = graph.node(slice, List.of(packed, "last", "end", "token_axis"), name + "last_row");
        Operator concat = Operator.onnx("Concat", whole("axis", 1));
        String padded = graph.node(concat, List.of(packed, row), name + "padded");
        String attended = attend(layer, padded, name + "attended");
        return graph.node(slice, List.of(attended, "first", "last", "token_axis"), name + "kept");
    }

    private String attend(int layer, String packed, String output) {
        Operator attention = Operator.microsoft(
                "GroupQueryAttention",
                whole("num_heads", shape.heads()),
                whole("kv_num_heads", shape.keyValueHeads()),
                whole("do_rotary", 1),
                whole("rotary_interleaved", 0),
                real("scale", (float) (1 / Math.sqrt(shape.headSize()))));
        String pastKey = graph.input("past." + layer + ".key", ElementType.FLOAT32, cacheShape());
        String pastValue = graph.input("past." + layer + ".value", ElementType.FLOAT32, cacheShape());
        String key = "present." + layer + ".key";
        String value = "present." + layer + ".value";
        graph.output(key, ElementType.FLOAT32, cacheShape());
        graph.output(value, ElementType.FLOAT32, cacheShape());
        List<String> inputs =
                List.of(packed, "", "", pastKey, pastValue, "seqlens_k", "total_sequence_length", "cos", "sin");
        graph.node(attention, inputs, List.of(output, key, value));
        return output;
    }

    private Matrix queriesKeysValues(int layer) {
        String block = "blk." + layer + ".";
        return Matrix.stacked(
                rotated(tensors.take(block + "attn_q.weight", shape.queryWidth(), shape.width())),
                rotated(tensors.take(block + "attn_k.weight", shape.keyValueWidth(), shape.width())),
                tensors.matrix(block + "attn_v.weight", shape.keyValueWidth(), shape.width()));
    }

    private Matrix rotated(GgufTensor tensor) {
        return family.interleavedRotaryRows() ? Matrix.halved(tensor, shape.headSize()) : Matrix.of(tensor);
    }

    /** silu(gate) · up, of one matrix for both. */
    private String gated(int layer, String input) throws IOException {
        String name = "layer." + layer + ".";
        String block = "blk." + layer + ".";
        Matrix gateUp = Matrix.stacked(
                tensors.matrix(block + "ffn_gate.weight", shape.feedForward(), shape.width()),
                tensors.matrix(block + "ffn_up.weight", shape.feedForward(), shape.width()));
        String both = format.multiply(input, name + "gate_up", gateUp);
        Operator split = Operator.onnx("Split", whole("axis", -1), whole("num_outputs", 2));
        graph.node(split, List.of(both), List.of(name + "gate", name + "up"));
        Operator silu = Operator.microsoft("QuickGelu", real("alpha", 1)); // x · sigmoid(alpha · x)
        String opened = graph.node(silu, List.of(name + "gate"), name + "opened");
        return graph.node(Operator.onnx("Mul"), List.of(opened, name + "up"), name + "gated");
    }

    private String firstNorm(String input) throws IOException {
        Operator norm = Operator.onnx(
                "SimplifiedLayerNormalization",
                whole("axis", -1),
                real("epsilon", (float) shape.rmsEpsilon()),
                whole("stash_type", 1));
        return graph.node(norm, List.of(input, vector("blk.0.attn_norm.weight")), "first_norm");
    }

    /** Adds to the residual and normalises the sum by its root mean square. */
    private Stream skipNorm(String name, String input, String residual, String weight) throws IOException {
        Operator norm =
                Operator.microsoft("SkipSimplifiedLayerNormalization", real("epsilon", (float) shape.rmsEpsilon()));
        Stream out = new Stream(name + ".norm", name + ".residual");
        List<String> inputs = List.of(input, residual, vector(weight));
        graph.node(norm, inputs, List.of(out.normalized, "", "", out.residual));
        return out;
    }

    private String pickedRows(String normalized) {
        String flat = graph.node(Operator.onnx("Reshape"), List.of(normalized, "flat_shape"), "flat");
        return graph.node(Operator.onnx("Gather", whole("axis", 0)), List.of(flat, "rows"), "picked");
    }

    private String[] cacheShape() {
        return new String[] {
            "1", Integer.toString(shape.keyValueHeads()), "capacity", Integer.toString(shape.headSize())
        };
    }

    private String vector(String name) throws IOException {
        float[] values = tensors.vector(name, shape.width());
        return floats(name, values, Shape.of(values.length));
    }
}
