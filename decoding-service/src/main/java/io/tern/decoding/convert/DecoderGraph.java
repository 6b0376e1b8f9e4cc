package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.real;
import static io.tern.decoding.convert.Operator.Attribute.whole;

import io.tern.decoding.gguf.GgufFile;
import io.tern.decoding.gguf.GgufTensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of a llama-like decoder for some sequences at once, with keys and values updated in place. Matrices multiply
 * the tokens of all sequences together; each sequence has an attention of its own, in a slot.
 *
 * <p>Inputs: {@code input_ids} int64 [1, T], tokens of all slots; {@code rows} int64 [R], the tokens whose logits are
 * wanted; {@code attended} int64 [T], which row of the slots' attentions, laid end to end, is each token's. For each slot:
 * {@code slot.N.tokens} int64 [S], its tokens and one row more; {@code slot.N.position_ids} int64 [1, S]; {@code
 * slot.N.attention_bias} float [1, 1, S, past + S], added to the scores: negative infinity hides a key; {@code
 * slot.N.total_sequence_length} int32 [1] = past + S and {@code slot.N.seqlens_k} int32 [1], one less; {@code
 * slot.N.past.L.key} and {@code slot.N.past.L.value} float [1, heads, capacity, size]. Outputs: {@code logits}
 * [R, vocabulary]; {@code hidden} [T, width], which the logits are made of; and {@code slot.N.present.L.*}, to be bound to
 * the memory of {@code slot.N.past.L.*}.
 *
 * <p>A slot's last row repeats a token, and its result is not used: the attention's kernel for a single row rounds
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
    private final List<Integer> slotCounts;

    /** @param slotCounts sequences of one run, of each variant of the graph */
    DecoderGraph(GgufFile file, OnnxGraph graph, WeightFile weights, WeightFormat format, List<Integer> slotCounts) {
        this.tensors = new DecoderTensors(file);
        this.family = DecoderFamily.of(file);
        this.shape = family.shape(file);
        this.graph = graph;
        this.weights = weights;
        this.format = format;
        this.slotCounts = slotCounts;
    }

    void build() throws IOException {
        String tokens = graph.input("input_ids", ElementType.INT64, "1", "tokens");
        graph.input("rows", ElementType.INT64, "rows");
        graph.input("attended", ElementType.INT64, "tokens");
        for (int slots : slotCounts) {
            for (int slot = 0; slot < slots; slot++) {
                slotInputs(graph.in(slots), "slot." + slot + ".");
            }
        }
        graph.output("logits", ElementType.FLOAT32, "rows", Integer.toString(shape.vocabulary()));
        graph.output("hidden", ElementType.FLOAT32, "tokens", Integer.toString(shape.width()));
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

    private static void slotInputs(OnnxGraph variant, String slot) {
        variant.input(slot + "tokens", ElementType.INT64, slot + "rows");
        variant.input(slot + "position_ids", ElementType.INT64, "1", slot + "rows");
        variant.input(slot + "attention_bias", ElementType.FLOAT32, "1", "1", slot + "rows", slot + "total");
        variant.input(slot + "seqlens_k", ElementType.INT32, "1");
        variant.input(slot + "total_sequence_length", ElementType.INT32, "1");
    }

    private void constants() throws IOException {
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
        for (int slots : slotCounts) {
            attend(graph.in(slots), slots, layer, packed, name + "attended");
        }
        return name + "attended";
    }

    /** Each slot by itself: the kernel takes one sequence when there are keys of the past and several rows. */
    private void attend(OnnxGraph variant, int slots, int layer, String packed, String output) {
        Operator gather = Operator.onnx("Gather", whole("axis", 1));
        List<String> attended = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            String prefix = "slot." + slot + ".";
            String own = prefix + "layer." + layer + ".packed";
            variant.node(gather, List.of(packed, prefix + "tokens"), own);
            attended.add(attend(variant, layer, prefix, own));
        }
        Operator concat = Operator.onnx("Concat", whole("axis", 1));
        String all = slots == 1 ? attended.getFirst() : variant.node(concat, attended, output + ".by_slot");
        variant.node(gather, List.of(all, "attended"), output);
    }

    /** @param slot what the slot's names begin with */
    private String attend(OnnxGraph variant, int layer, String slot, String packed) {
        Operator attention = Operator.microsoft(
                "GroupQueryAttention",
                whole("num_heads", shape.heads()),
                whole("kv_num_heads", shape.keyValueHeads()),
                whole("do_rotary", 1),
                whole("rotary_interleaved", 0),
                real("scale", (float) (1 / Math.sqrt(shape.headSize()))));
        String pastKey = variant.input(slot + "past." + layer + ".key", ElementType.FLOAT32, cacheShape(slot));
        String pastValue = variant.input(slot + "past." + layer + ".value", ElementType.FLOAT32, cacheShape(slot));
        String output = slot + "layer." + layer + ".attended";
        String key = slot + "present." + layer + ".key";
        String value = slot + "present." + layer + ".value";
        variant.output(key, ElementType.FLOAT32, cacheShape(slot));
        variant.output(value, ElementType.FLOAT32, cacheShape(slot));
        List<String> inputs = List.of(
                packed,
                "",
                "",
                pastKey,
                pastValue,
                slot + "seqlens_k",
                slot + "total_sequence_length",
                "cos",
                "sin",
                slot + "position_ids",
                slot + "attention_bias");
        variant.node(attention, inputs, List.of(output, key, value));
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
        String flat = graph.node(Operator.onnx("Reshape"), List.of(normalized, "flat_shape"), "hidden");
        return graph.node(Operator.onnx("Gather", whole("axis", 0)), List.of(flat, "rows"), "picked");
    }

    private String[] cacheShape(String slot) {
        return new String[] {
            "1", Integer.toString(shape.keyValueHeads()), slot + "capacity", Integer.toString(shape.headSize())
        };
    }

    private String vector(String name) throws IOException {
        float[] values = tensors.vector(name, shape.width());
        return floats(name, values, Shape.of(values.length));
    }
}
