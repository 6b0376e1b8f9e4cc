package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.graph.BoundGraph;
import io.tern.generation.graph.GraphLease;
import io.tern.generation.graph.Graphs;
import io.tern.generation.graph.Inference;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.onnx.ModelSignature;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import io.tern.text.encoder.Encoding;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts to the vectors that a network attends to. A part of a prompt that weighs w has vectors that lie w times as far from
 * those of the empty text, as ComfyUI weighs; the vector of the whole text is left as it is. Safe for many threads.
 */
final class TextEncoder implements AutoCloseable {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String POOLED = "text_embeds";

    private final Inference inference;
    private final PromptTokenizer tokenizer;
    private final GraphLease lease;
    private final Session session;
    private final String states;
    private final boolean pooled;
    private final int tokens;
    private final int width;

    private TextEncoder(
            Inference inference, PromptTokenizer tokenizer, GraphLease lease, Layer layer, int tokens, int width) {
        ModelSignature signature = lease.session().signature();
        this.inference = inference;
        this.tokenizer = tokenizer;
        this.lease = lease;
        this.session = lease.session();
        this.states = layer.output(signature);
        this.pooled = layer == Layer.PENULTIMATE && has(signature.outputs(), POOLED);
        this.tokens = tokens;
        this.width = width;
    }

    /** Which layer's vectors a family of models was taught with. */
    enum Layer {
        /** Behind the last one, normalised. */
        LAST {
            @Override
            String output(ModelSignature signature) {
                return "last_hidden_state";
            }
        },
        /** Before the last one. Podell et al. 2023, section 2.1. */
        PENULTIMATE {
            @Override
            String output(ModelSignature signature) {
                long layers = signature.outputs().stream()
                        .filter(info -> info.name().startsWith("hidden_states."))
                        .count();
                return "hidden_states." + Math.max(0, layers - 2);
            }
        };

        abstract String output(ModelSignature signature);
    }

    /**
     * @param suffix of the folders' names: {@code ""} or {@code "_2"}
     * @param width of a token's vector; -1 for whatever the graph has
     */
    static TextEncoder load(Path folder, String suffix, Layer layer, int width, Inference inference) {
        PromptTokenizer tokenizer = PromptTokenizer.load(folder, "tokenizer" + suffix);
        int tokens = tokenizer.frame(new int[0]).length();
        GraphLease lease = Graphs.load(folder, "text_encoder" + suffix + "/model.onnx", inference, graph -> {
            graph.requireInputsOnly(IDS, MASK);
            graph.requireIntegerInput(IDS, tokens);
            if (has(graph.signature().inputs(), MASK)) {
                graph.requireIntegerInput(MASK, tokens);
            }
            graph.requireOutput(layer.output(graph.signature()), tokens, width);
        });
        ModelSignature signature = lease.session().signature();
        TensorInfo states = signature.output(layer.output(signature));
        int found = width < 0 ? (int) states.shape().dimension(2) : width;
        return new TextEncoder(inference, tokenizer, lease, layer, tokens, found);
    }

    /** Of a token's vector. */
    int width() {
        return width;
    }

    int tokens() {
        return tokens;
    }

    /** Of a text's vector; only where {@link #hasPooled()}. */
    int pooledWidth() {
        return (int) session.signature().output(POOLED).shape().dimension(1);
    }

    boolean hasPooled() {
        return pooled;
    }

    /** @return allocated from the arena */
    TextEncoding encode(List<WeightedPrompt> prompts, Arena arena, Cancellation cancellation) {
        TextEncoding encoding = run(prompts.stream().map(tokenizer::encode).toList(), arena, cancellation);
        if (!prompts.stream().allMatch(WeightedPrompt::isPlain)) {
            FloatTensor empty = run(List.of(tokenizer.frame(new int[0])), arena, cancellation)
                    .states();
            for (int row = 0; row < prompts.size(); row++) {
                weigh(tokenizer.weights(prompts.get(row)), encoding.states().row(row), empty);
            }
        }
        return encoding;
    }

    private void weigh(double[] weights, FloatTensor states, FloatTensor empty) {
        int first = tokenizer.frameStart();
        for (int token = first; token < Math.min(tokens, first + weights.length); token++) {
            double weight = weights[token - first];
            for (long i = (long) token * width; weight != 1 && i < (token + 1L) * width; i++) {
                states.set(i, (float) (empty.get(i) + weight * (states.get(i) - empty.get(i))));
            }
        }
    }

    private TextEncoding run(List<Encoding> texts, Arena arena, Cancellation cancellation) {
        Shape ids = Shape.of(texts.size(), tokens);
        try (Arena call = Arena.ofShared();
                BoundGraph graph = new BoundGraph(inference, session, call)) {
            Tensor inputIds = graph.input(IDS, ids);
            Tensor mask = has(session.signature().inputs(), MASK) ? graph.input(MASK, ids) : null;
            FloatTensor given = graph.floatOutput(states, Shape.of(texts.size(), tokens, width));
            FloatTensor vector = pooled ? graph.floatOutput(POOLED, Shape.of(texts.size(), pooledWidth())) : null;
            for (int row = 0; row < texts.size(); row++) {
                write(texts.get(row).ids(), inputIds, row);
                write(texts.get(row).attentionMask(), mask, row);
            }
            graph.run(cancellation);
            return new TextEncoding(given.copy(arena), vector == null ? null : vector.copy(arena));
        }
    }

    private void write(int[] values, @Nullable Tensor into, int row) {
        if (into == null) {
            return;
        }
        for (int i = 0; i < tokens; i++) {
            long at = (long) row * tokens + i;
            if (into.type() == ElementType.INT32) {
                into.segment().setAtIndex(ValueLayout.JAVA_INT, at, values[i]);
            } else {
                into.segment().setAtIndex(ValueLayout.JAVA_LONG, at, values[i]);
            }
        }
    }

    private static boolean has(List<TensorInfo> infos, String name) {
        return infos.stream().anyMatch(info -> info.name().equals(name));
    }

    @Override
    public void close() {
        lease.close();
    }
}
