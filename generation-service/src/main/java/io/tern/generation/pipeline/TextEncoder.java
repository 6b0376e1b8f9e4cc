package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.onnx.Session;
import io.tern.onnx.Tensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import io.tern.text.Encoding;
import io.tern.text.WordPieceTokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/** Texts to the vectors that the U-Net attends to. Safe for many threads. */
final class TextEncoder implements AutoCloseable {
    private static final String GRAPH = "text_encoder/model.onnx";
    private static final String TOKENIZER = "tokenizer/tokenizer.json";

    private final Inference inference;
    private final WordPieceTokenizer tokenizer;
    private final Session session;
    private final int tokens;
    private final int width;

    private TextEncoder(Inference inference, WordPieceTokenizer tokenizer, Session session, int tokens, int width) {
        this.inference = inference;
        this.tokenizer = tokenizer;
        this.session = session;
        this.tokens = tokens;
        this.width = width;
    }

    static TextEncoder load(Path folder, int width, Inference inference) {
        WordPieceTokenizer tokenizer = tokenizer(folder);
        int tokens = tokenizer.encode("").length();
        Session session = Graphs.load(folder, GRAPH, inference, graph -> {
            graph.requireInputsOnly("input_ids", "attention_mask");
            graph.requireInput("input_ids", ElementType.INT64, tokens);
            graph.requireInput("attention_mask", ElementType.INT64, tokens);
            graph.requireOutput("last_hidden_state", ElementType.FLOAT32, tokens, width);
        });
        return new TextEncoder(inference, tokenizer, session, tokens, width);
    }

    private static WordPieceTokenizer tokenizer(Path folder) {
        Path file = ConfigFile.requireFile(folder, TOKENIZER);
        try {
            return WordPieceTokenizer.load(file);
        } catch (IllegalArgumentException e) {
            throw TernException.invalid(TOKENIZER, e.getMessage(), "a WordPiece tokenizer");
        } catch (IOException e) {
            throw TernException.invalid(TOKENIZER, "cannot be read", "a tokenizer file");
        }
    }

    /** Shape of one text without the batch: [tokens, width]. Always all tokens: padding takes part in the attention. */
    long[] textRow() {
        return new long[] {tokens, width};
    }

    /** @return [texts, tokens, width], allocated from the arena */
    FloatTensor encode(List<String> texts, Arena arena, Cancellation cancellation) {
        Shape ids = Shape.of(texts.size(), tokens);
        try (Arena call = Arena.ofShared();
                BoundGraph graph = new BoundGraph(inference, session, call)) {
            Tensor inputIds = graph.input("input_ids", ElementType.INT64, ids);
            Tensor mask = graph.input("attention_mask", ElementType.INT64, ids);
            FloatTensor states = graph.floatOutput("last_hidden_state", GraphFile.batchOf(texts.size(), textRow()));
            for (int row = 0; row < texts.size(); row++) {
                Encoding encoding = tokenizer.encode(texts.get(row));
                write(encoding.ids(), inputIds, row);
                write(encoding.attentionMask(), mask, row);
            }
            graph.run(cancellation);
            return states.copy(arena);
        }
    }

    private void write(int[] values, Tensor into, int row) {
        for (int i = 0; i < tokens; i++) {
            into.segment().setAtIndex(ValueLayout.JAVA_LONG, (long) row * tokens + i, values[i]);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
