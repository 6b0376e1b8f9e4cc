package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.generation.graph.Inference;
import io.tern.generation.graph.Opened;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.pipeline.TextEncoder.Layer;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Two text encoders side by side: each token has the vectors of both, and the network is also told one vector of the whole
 * text, the picture's size and where it was cut. Podell et al. 2023, sections 2.1 and 2.2.
 */
final class TwoEncoders implements Conditioner {
    static final String POOLED = "text_embeds";
    static final String SIZES = "time_ids";
    static final Set<String> INPUTS = Set.of(CrossAttention.STATES, POOLED, SIZES);

    private final TextEncoder first;
    private final TextEncoder second;
    private final boolean zeroesEmptyTexts;

    private TwoEncoders(TextEncoder first, TextEncoder second, boolean zeroesEmptyTexts) {
        this.first = first;
        this.second = second;
        this.zeroesEmptyTexts = zeroesEmptyTexts;
    }

    /** @param zeroesEmptyTexts whether an empty text was all zeros when the model learnt */
    static TwoEncoders load(Path folder, Denoiser denoiser, boolean zeroesEmptyTexts, Inference inference) {
        try (Opened opened = new Opened()) {
            TextEncoder first = opened.add(TextEncoder.load(folder, "", Layer.PENULTIMATE, -1, inference));
            TextEncoder second = opened.add(TextEncoder.load(folder, "_2", Layer.PENULTIMATE, -1, inference));
            if (first.tokens() != second.tokens()) {
                throw TernException.invalid(
                        "tokenizer_2", second.tokens() + " tokens", first.tokens() + ", as tokenizer");
            }
            if (!second.hasPooled()) {
                throw TernException.invalid("text_encoder_2/model.onnx: output", "no " + POOLED, POOLED);
            }
            denoiser.requireWidth(CrossAttention.STATES, (long) first.width() + second.width());
            denoiser.requireWidth(POOLED, second.pooledWidth());
            denoiser.requireWidth(SIZES, 6);
            opened.keep();
            return new TwoEncoders(first, second, zeroesEmptyTexts);
        }
    }

    @Override
    public Condition condition(List<WeightedPrompt> texts, Question question, Arena arena, Cancellation cancellation) {
        TextEncoding one = first.encode(texts, arena, cancellation);
        TextEncoding other = second.encode(texts, arena, cancellation);
        FloatTensor states = sideBySide(one.states(), other.states(), arena);
        FloatTensor pooled = Objects.requireNonNull(other.pooled());
        FloatTensor sizes = FloatTensor.allocate(arena, Shape.of(texts.size(), 6));
        for (int row = 0; row < texts.size(); row++) {
            if (zeroesEmptyTexts && texts.get(row).isEmpty()) {
                states.row(row).segment().fill((byte) 0);
                pooled.row(row).segment().fill((byte) 0);
            }
            writeSizes(question.size(), sizes.row(row));
        }
        return new Condition(Map.of(CrossAttention.STATES, states, POOLED, pooled, SIZES, sizes));
    }

    /** Height and width as taken, the corner of the cut, height and width as shown: a picture that nobody cut. */
    private static void writeSizes(PictureSize size, FloatTensor row) {
        row.set(0, size.height());
        row.set(1, size.width());
        row.set(4, size.height());
        row.set(5, size.width());
    }

    /** [texts, tokens, a] and [texts, tokens, b] to [texts, tokens, a + b]. */
    static FloatTensor sideBySide(FloatTensor left, FloatTensor right, Arena arena) {
        long vectors = left.shape().dimension(0) * left.shape().dimension(1);
        long leftWidth = left.size() / vectors;
        long rightWidth = right.size() / vectors;
        FloatTensor both = FloatTensor.allocate(
                arena, Shape.of(left.shape().dimension(0), left.shape().dimension(1), leftWidth + rightWidth));
        for (long vector = 0; vector < vectors; vector++) {
            long at = vector * (leftWidth + rightWidth);
            for (long i = 0; i < leftWidth; i++) {
                both.set(at + i, left.get(vector * leftWidth + i));
            }
            for (long i = 0; i < rightWidth; i++) {
                both.set(at + leftWidth + i, right.get(vector * rightWidth + i));
            }
        }
        return both;
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
