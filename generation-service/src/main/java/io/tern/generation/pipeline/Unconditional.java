package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.generation.score.Guidance;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/** Of a network that is told nothing but the sample and its level of noise: it draws whatever its data were. */
final class Unconditional implements Conditioner {
    private static final String WHY = "this model draws without text";

    @Override
    public void check(String prompt, String negativePrompt, Guidance guidance) {
        TernException.require(prompt.isEmpty(), "prompt", "given", "an empty one, since " + WHY);
        TernException.require(negativePrompt.isEmpty(), "negative_prompt", "given", "none, since " + WHY);
        TernException.require(guidance.isNone(), "guidance_scale", guidance.weight(), "1, since " + WHY);
    }

    @Override
    public Condition condition(List<WeightedPrompt> texts, Question question, Arena arena, Cancellation cancellation) {
        return new Condition(Map.of());
    }

    @Override
    public void close() {}
}
