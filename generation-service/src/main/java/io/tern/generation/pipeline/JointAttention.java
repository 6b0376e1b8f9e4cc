package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.generation.graph.Inference;
import io.tern.generation.graph.Opened;
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
 * Two text encoders for a transformer that attends to text and picture in one sequence: the vectors of both, filled up with
 * zeros, and behind them the place of a third encoder, which may be left out. Esser et al. 2024, section 4 and figure 2.
 */
final class JointAttention implements Conditioner {
    static final String POOLED = "pooled_projections";
    static final Set<String> INPUTS = Set.of(CrossAttention.STATES, POOLED);

    /** Tokens of the third encoder, all zeros here, as diffusers has them without it. */
    private static final int THIRD_TOKENS = 256;

    private final TextEncoder first;
    private final TextEncoder second;
    private final int width;

    private JointAttention(TextEncoder first, TextEncoder second, int width) {
        this.first = first;
        this.second = second;
        this.width = width;
    }

    static JointAttention load(Path folder, Denoiser denoiser, Inference inference) {
        int width = denoiser.config().integer("joint_attention_dim");
        denoiser.requireWidth(CrossAttention.STATES, width);
        try (Opened opened = new Opened()) {
            TextEncoder first = opened.add(TextEncoder.load(folder, "", Layer.PENULTIMATE, -1, inference));
            TextEncoder second = opened.add(TextEncoder.load(folder, "_2", Layer.PENULTIMATE, -1, inference));
            if (!first.hasPooled() || !second.hasPooled()) {
                throw TernException.invalid("text encoders: output", "no text_embeds", "text_embeds of both");
            }
            if (first.width() + second.width() > width || first.tokens() != second.tokens()) {
                throw TernException.invalid(
                        "text encoders",
                        first.tokens() + "x" + first.width() + ", " + second.tokens() + "x" + second.width(),
                        "equally many tokens, together at most " + width + " wide");
            }
            denoiser.requireWidth(POOLED, (long) first.pooledWidth() + second.pooledWidth());
            opened.keep();
            return new JointAttention(first, second, width);
        }
    }

    @Override
    public Condition condition(List<WeightedPrompt> texts, Question question, Arena arena, Cancellation cancellation) {
        TextEncoding one = first.encode(texts, arena, cancellation);
        TextEncoding other = second.encode(texts, arena, cancellation);
        FloatTensor both = TwoEncoders.sideBySide(one.states(), other.states(), arena);
        long tokens = first.tokens();
        FloatTensor states = FloatTensor.allocate(arena, Shape.of(texts.size(), tokens + THIRD_TOKENS, width));
        long filled = both.shape().dimension(2);
        for (long text = 0; text < texts.size(); text++) {
            for (long i = 0; i < tokens * filled; i++) {
                long at = (text * (tokens + THIRD_TOKENS) + i / filled) * width + i % filled;
                states.set(at, both.get(text * tokens * filled + i));
            }
        }
        return new Condition(Map.of(CrossAttention.STATES, states, POOLED, pooled(one, other, arena)));
    }

    private static FloatTensor pooled(TextEncoding one, TextEncoding other, Arena arena) {
        FloatTensor left = Objects.requireNonNull(one.pooled());
        FloatTensor right = Objects.requireNonNull(other.pooled());
        long texts = left.shape().dimension(0);
        FloatTensor both = TwoEncoders.sideBySide(
                left.reshape(Shape.of(texts, 1, left.size() / texts)),
                right.reshape(Shape.of(texts, 1, right.size() / texts)),
                arena);
        return both.reshape(Shape.of(texts, both.size() / texts));
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
