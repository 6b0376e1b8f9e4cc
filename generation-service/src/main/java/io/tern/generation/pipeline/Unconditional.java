package io.tern.generation.pipeline;

import static io.tern.base.TernException.require;

import io.tern.base.Cancellation;
import io.tern.generation.prompt.WeightedPrompt;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/** Of a network that is told nothing but the sample and its level of noise: it draws whatever its data were. */
final class Unconditional implements Conditioner {
    private static final String WHY = "this model draws without text";

    @Override
    public void check(Told told) {
        requireNoText(told);
        Conditioner.requireNoDifficulty(told);
    }

    /** @throws io.tern.base.TernException INVALID_ARGUMENT */
    static void requireNoText(Told told) {
        require(told.prompt().isEmpty(), "prompt", "given", "an empty one, since " + WHY);
        require(told.negativePrompt().isEmpty(), "negative_prompt", "given", "none, since " + WHY);
        require(told.guidance().isNone(), "guidance_scale", told.guidance().weight(), "1, since " + WHY);
    }

    @Override
    public Condition condition(List<WeightedPrompt> texts, Question question, Arena arena, Cancellation cancellation) {
        return new Condition(Map.of());
    }

    @Override
    public void close() {}
}
