package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.real;
import static io.tern.decoding.convert.Operator.Attribute.whole;

import io.tern.base.TernException;
import io.tern.tensor.ElementType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The network of a llama-like decoder for some sequences at once, with keys and values updated in place. Matrices multiply
 * the tokens of all sequences together; each sequence has an attention of its own, in a slot.
 *
 * <p>Inputs: {@code input_ids} int64 [1, T], tokens of all slots; {@code rows} int64 [R], the tokens whose logits are
 * wanted; {@code attended} int64 [T], which row of the slots' attentions, laid end to end, is each token's. For each slot:
 * {@code slot.N.tokens} int64 [S], its tokens and one row more; {@code slot.N.position_ids} int64 [1, S]; {@code
 * slot.N.attention_bias} float [1, 1, S, past + S], added to the scores: negative infinity hides a key; {@code
 * slot.N.total_sequence_length} int32 [1] = past + S and {@code slot.N.seqlens_k} int32 [1], one less; {@code
 * slot.N.past.L.key} and {@code slot.N.past.L.value} [1, heads, capacity, size], numbers of the graph or int8. Outputs: {@code logits}
 * [R, tokens of the head]; {@code hidden} [T, width], which the logits are made of; and {@code slot.N.present.L.*}, to be
 * bound to the memory of {@code slot.N.past.L.*}.
 *
 * <p>A slot's last row repeats a token, and its result is not used: the attention's kernel for a single row rounds
 * differently from the one for many, and 8-bit activations make whole logits of that. With it a token's result does not
 * depend on how many others come along. The row's key and value lie behind the last token and are overwritten next.
 */
final class DecoderGraph {
    /** Rows of the rotary tables beyond the context: for the extra row and for padded steps. */
    static final int SPARE_POSITIONS = 64;

    private final DecoderTensors tensors;
    private final DecoderDesign design;
    private final DecoderShape shape;
    private final OnnxGraph graph;
    private final WeightFormat format;
    private final WeightFile weights;
    private final Projections projections;
    private final Norms norms;
    private final Heads heads;
    private final FeedForward feedForward;
    private final List<Integer> slotCounts;
    private final @Nullable KvScales kvScales;
    private final Map<Rotary, String> rotaryNames = new HashMap<>();

    /**
     * @param slotCounts sequences of one run, of each variant of the graph
     * @param kvScales with which keys and values are kept as int8; null: as the graph's numbers
     */
    DecoderGraph(
            DecoderCheckpoint checkpoint,
            OnnxGraph graph,
            WeightFile weights,
            WeightFormat format,
            List<Integer> slotCounts,
            @Nullable KvScales kvScales) {
        this.tensors = new DecoderTensors(checkpoint);
        this.design = checkpoint.design();
        this.shape = design.shape();
        this.graph = graph;
        this.format = format;
        this.slotCounts = slotCounts;
        this.kvScales = kvScales;
        this.weights = weights;
        Vectors vectors = new Vectors(graph, weights);
        this.projections = new Projections(graph, vectors, format);
        this.norms = new Norms(graph, vectors, tensors, shape);
        this.heads = new Heads(graph, norms, design);
        this.feedForward = new FeedForward(graph, projections, tensors, design);
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
        Matrix embedding = tensors.matrix(DecoderTensors.EMBEDDING, shape.vocabulary(), shape.width());
        Matrix head = tensors.head(embedding, shape);
        graph.output("logits", ElementType.FLOAT32, "rows", Integer.toString(head.rows()));
        graph.output("hidden", ElementType.FLOAT32, "tokens", Integer.toString(shape.width()));
        graph.constant("flat_shape", -1, shape.width());
        TernException.require(
                graph.numbers() == ElementType.FLOAT32 || design.blockNorms() != BlockNorms.BOTH,
                "precision",
                "fp16 for a model of Gemma's kind, whose activations leave its range",
                "fp32, int8 or int4");
        String embedded =
                scaled(format.embed(tokens, embedding), design.scales().embedding(), "scaled");
        Norms.Stream stream = first(embedded);
        for (int layer = 0; layer < shape.layers(); layer++) {
            stream = layer(layer, stream);
        }
        logits(pickedRows(stream.normalized()), head);
        tensors.requireAllUsed();
    }

    private void logits(String picked, Matrix head) throws IOException {
        double cap = design.scales().logitCap();
        double divisor = design.scales().logitDivisor();
        String logits = graph.inside("logits");
        String open = cap == 0 ? logits : "logits.open";
        format.logits(picked, head, divisor == 1 ? open : "logits.undivided");
        if (divisor != 1) {
            String scalar = graph.scalar("logits.divisor", (float) divisor);
            graph.node(Operator.onnx("Div"), List.of("logits.undivided", scalar), open);
        }
        if (cap > 0) {
            String bound = graph.scalar("logits.cap", (float) cap);
            String share = graph.node(Operator.onnx("Div"), List.of(open, bound), "logits.share");
            String bent = graph.node(Operator.onnx("Tanh"), List.of(share), "logits.bent");
            graph.node(Operator.onnx("Mul"), List.of(bent, bound), logits);
        }
        graph.giveOut("logits");
    }

    private Norms.Stream first(String embedded) throws IOException {
        return design.blockNorms().before()
                ? new Norms.Stream(norms.each(embedded, "blk.0.attn_norm.weight", "first_norm"), embedded)
                : new Norms.Stream(embedded, embedded);
    }

    private static void slotInputs(OnnxGraph variant, String slot) {
        variant.input(slot + "tokens", ElementType.INT64, slot + "rows");
        variant.input(slot + "position_ids", ElementType.INT64, "1", slot + "rows");
        variant.input(slot + "attention_bias", ElementType.FLOAT32, "1", "1", slot + "rows", slot + "total");
        variant.readIn(slot + "attention_bias");
        variant.input(slot + "seqlens_k", ElementType.INT32, "1");
        variant.input(slot + "total_sequence_length", ElementType.INT32, "1");
    }

    private String scaled(String input, double scale, String name) {
        if (scale == 1) {
            return input;
        }
        String scalar = graph.scalar(name + ".scale", (float) scale);
        return graph.node(Operator.onnx("Mul"), List.of(input, scalar), name);
    }

    private Norms.Stream layer(int layer, Norms.Stream in) throws IOException {
        String name = "layer." + layer + ".";
        String block = "blk." + layer + ".";
        Projection output = tensors.projection(block + "attn_output", shape.width(), shape.queryWidth());
        String attended = projections.add(attention(layer, in.normalized()), name + "attention", output);
        attended = postNorm(attended, block + "post_attention_norm.weight");
        Norms.Stream middle = sum(name + "middle", attended, in.residual(), block + "ffn_norm.weight");
        String down = postNorm(feedForward.add(layer, middle.normalized()), block + "post_ffw_norm.weight");
        return layer == shape.layers() - 1
                ? norms.ofSum(name + "out", down, middle.residual(), "output_norm.weight")
                : sum(name + "out", down, middle.residual(), "blk." + (layer + 1) + ".attn_norm.weight");
    }

    /** @param weight of the norm before the next half of a layer, where there is one */
    private Norms.Stream sum(String name, String added, String residual, String weight) throws IOException {
        return design.blockNorms().before()
                ? norms.ofSum(name, added, residual, weight)
                : norms.ofSum(name, added, residual);
    }

    private String postNorm(String added, String weight) throws IOException {
        String normalized = design.blockNorms().after() ? norms.each(added, weight, added + ".normalized") : added;
        return scaled(normalized, design.scales().residual(), added + ".scaled");
    }

    private String attention(int layer, String input) throws IOException {
        String name = "layer." + layer + ".";
        String packed = heads.toKernel(layer, projections.add(input, name + "qkv", queriesKeysValues(layer)));
        String rotary = rotary(layer);
        if (kvScales != null) {
            kvScales.store(layer, graph, weights);
        }
        for (int slots : slotCounts) {
            attend(graph.in(slots), slots, layer, rotary, packed, name + "attended");
        }
        return heads.fromKernel(layer, name + "attended");
    }

    /** Each slot by itself: the kernel takes one sequence when there are keys of the past and several rows. */
    private void attend(OnnxGraph variant, int slots, int layer, String rotary, String packed, String output) {
        Operator gather = Operator.onnx("Gather", whole("axis", 1));
        List<String> attended = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            String prefix = "slot." + slot + ".";
            String own = prefix + "layer." + layer + ".packed";
            variant.node(gather, List.of(packed, prefix + "tokens"), own);
            attended.add(attend(variant, layer, prefix, rotary, own));
        }
        Operator concat = Operator.onnx("Concat", whole("axis", 1));
        String all = slots == 1 ? attended.getFirst() : variant.node(concat, attended, output + ".by_slot");
        variant.node(gather, List.of(all, "attended"), output);
    }

    /**
     * @param slot what the slot's names begin with
     * @param rotary what the names of the layer's tables of angles begin with
     */
    private String attend(OnnxGraph variant, int layer, String slot, String rotary, String packed) {
        ElementType kept = kvScales == null ? graph.numbers() : ElementType.INT8;
        String pastKey = variant.input(slot + "past." + layer + ".key", kept, cacheShape(slot));
        String pastValue = variant.input(slot + "past." + layer + ".value", kept, cacheShape(slot));
        String output = slot + "layer." + layer + ".attended";
        String key = slot + "present." + layer + ".key";
        String value = slot + "present." + layer + ".value";
        variant.output(key, kept, cacheShape(slot));
        variant.output(value, kept, cacheShape(slot));
        boolean turned = !rotary.isEmpty();
        List<String> inputs = new ArrayList<>(List.of(
                packed,
                "",
                "",
                pastKey,
                pastValue,
                slot + "seqlens_k",
                slot + "total_sequence_length",
                turned ? rotary + "cos" : "",
                turned ? rotary + "sin" : "",
                turned ? slot + "position_ids" : "",
                graph.inside(slot + "attention_bias")));
        if (kvScales != null) {
            inputs.addAll(List.of("", KvScales.keys(layer), KvScales.values(layer))); // no sink of the heads
        }
        variant.node(kernel(layer), inputs, List.of(output, key, value));
        return output;
    }

    private Operator kernel(int layer) {
        List<Operator.Attribute> attributes = new ArrayList<>(List.of(
                whole("num_heads", shape.heads()),
                whole("kv_num_heads", shape.keyValueHeads()),
                whole("do_rotary", design.rotary(layer).size() == 0 ? 0 : 1),
                whole("rotary_interleaved", 0),
                real("scale", (float) design.scales().attention())));
        if (design.scales().scoreCap() > 0) {
            attributes.add(real("softcap", (float) design.scales().scoreCap()));
        }
        if (design.window(layer) > 0) {
            attributes.add(whole("local_window_size", design.window(layer)));
        }
        if (kvScales != null) {
            attributes.addAll(KvScales.ATTRIBUTES);
        }
        return Operator.microsoft("GroupQueryAttention", attributes.toArray(Operator.Attribute[]::new));
    }

    /** What the names of the layer's tables of angles begin with; empty if it turns nothing. */
    private String rotary(int layer) throws IOException {
        Rotary rotary = design.rotary(layer);
        if (rotary.size() == 0) {
            return "";
        }
        if (!rotaryNames.containsKey(rotary)) {
            String name = "rotary." + rotaryNames.size() + ".";
            double[] frequencies = rotary.frequencies();
            RotaryTables tables = new RotaryTables(
                    frequencies, rotary.magnitude(), shape.context() + SPARE_POSITIONS, shape.kernelHeadSize() / 2);
            var _ = tables.storeCosines(name + "cos", graph, weights);
            var _ = tables.storeSines(name + "sin", graph, weights);
            rotaryNames.put(rotary, name);
        }
        return rotaryNames.get(rotary);
    }

    private Projection queriesKeysValues(int layer) {
        String block = "blk." + layer + ".";
        int turned = design.rotary(layer).size();
        return Projection.stacked(
                tensors.turnedProjection(block + "attn_q", shape.queryWidth(), shape.width(), shape.headSize(), turned),
                tensors.turnedProjection(
                        block + "attn_k", shape.keyValueWidth(), shape.width(), shape.headSize(), turned),
                tensors.projection(block + "attn_v", shape.keyValueWidth(), shape.width()));
    }

    private String pickedRows(String normalized) {
        String flat = graph.node(Operator.onnx("Reshape"), List.of(normalized, "flat_shape"), graph.inside("hidden"));
        graph.giveOut("hidden");
        return graph.node(Operator.onnx("Gather", whole("axis", 0)), List.of(flat, "rows"), "picked");
    }

    private String[] cacheShape(String slot) {
        return new String[] {
            "1", Integer.toString(shape.keyValueHeads()), slot + "capacity", Integer.toString(shape.kernelHeadSize())
        };
    }
}
