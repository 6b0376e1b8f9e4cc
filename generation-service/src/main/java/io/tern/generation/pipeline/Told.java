package io.tern.generation.pipeline;

import io.tern.generation.prompt.WeightedPrompt;
import io.tern.generation.score.Guidance;
import java.util.OptionalDouble;

/**
 * What a request tells the network.
 *
 * @param prompt what to show
 * @param negativePrompt what guidance leads away from
 * @param guidance how strongly it is led towards the prompt
 * @param difficulty for heightfields alone, 1..100; empty for the usual one
 */
public record Told(WeightedPrompt prompt, WeightedPrompt negativePrompt, Guidance guidance, OptionalDouble difficulty) {
    /** Texts alone. */
    public Told(WeightedPrompt prompt, WeightedPrompt negativePrompt, Guidance guidance) {
        this(prompt, negativePrompt, guidance, OptionalDouble.empty());
    }
}
