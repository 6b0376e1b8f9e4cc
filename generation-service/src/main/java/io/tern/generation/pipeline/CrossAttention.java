package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.graph.Inference;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One text encoder, whose vectors the network attends to: Rombach et al. 2022, section 3.3. A network that was distilled
 * under guidance is also told its weight: Luo et al. 2023, section 4.1.
 */
final class CrossAttention implements Conditioner {
    static final String STATES = "encoder_hidden_states";
    static final String GUIDANCE = "timestep_cond";
    static final Set<String> INPUTS = Set.of(STATES, GUIDANCE);

    private final TextEncoder encoder;
    private final int guidanceWidth;

    private CrossAttention(TextEncoder encoder, int guidanceWidth) {
        this.encoder = encoder;
        this.guidanceWidth = guidanceWidth;
    }

    static CrossAttention load(Path folder, Denoiser denoiser, Inference inference) {
        int width = denoiser.config().integer("cross_attention_dim");
        denoiser.requireWidth(STATES, width);
        int guidanceWidth = denoiser.takes(GUIDANCE) ? denoiser.config().integer("time_cond_proj_dim") : 0;
        return new CrossAttention(
                TextEncoder.load(folder, "", TextEncoder.Layer.LAST, width, inference), guidanceWidth);
    }

    @Override
    public boolean tellsGuidance() {
        return guidanceWidth > 0;
    }

    @Override
    public Condition condition(List<WeightedPrompt> texts, Question question, Arena arena, Cancellation cancellation) {
        Map<String, FloatTensor> inputs = new HashMap<>();
        inputs.put(STATES, encoder.encode(texts, arena, cancellation).states());
        if (tellsGuidance()) {
            FloatTensor rows = FloatTensor.allocate(arena, Shape.of(texts.size(), guidanceWidth));
            for (int row = 0; row < texts.size(); row++) {
                writeGuidance(question.guidance(), rows.row(row));
            }
            inputs.put(GUIDANCE, rows);
        }
        return new Condition(inputs);
    }

    /** Sines, then cosines, of 1000 (w − 1) at falling frequencies, as diffusers embeds it. */
    private static void writeGuidance(double weight, FloatTensor row) {
        int half = (int) row.size() / 2;
        for (int i = 0; i < half; i++) {
            double angle = 1000 * (weight - 1) * StrictMath.exp(-StrictMath.log(10_000) / (half - 1) * i);
            row.set(i, (float) StrictMath.sin(angle));
            row.set(half + i, (float) StrictMath.cos(angle));
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
