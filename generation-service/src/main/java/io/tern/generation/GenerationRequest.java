package io.tern.generation;

import static io.tern.base.TernException.require;

import io.tern.generation.latent.PictureSize;
import io.tern.generation.pipeline.Told;
import io.tern.generation.prompt.PromptSyntax;
import io.tern.generation.sampler.SamplingMethod;
import io.tern.generation.score.Guidance;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What to draw and how. A request that exists is within every range that does not depend on the model.
 *
 * @param prompt what to show, at most 4,096 characters
 * @param negativePrompt what guidance leads away from; empty for the empty prompt
 * @param syntax of both prompts
 * @param width in pixels; empty for the model's own
 * @param height in pixels; empty for the model's own
 * @param seed decides all noise, 0 or more
 * @param steps denoising steps, 1..1000
 * @param guidance how strongly it is led towards the prompt
 * @param difficulty of terrains, where the model is told one; empty for the usual one
 * @param method the sampler and its levels
 * @param firstPicture index of the first picture, 0 or more: the picture of an index is the same whatever others there are
 * @param pictures 1..10, each with its own noise
 * @param previews when the picture is shown on its way
 * @param startNoise in place of the seed's noise, for one picture
 * @param source a picture to start from
 */
public record GenerationRequest(
        String prompt,
        String negativePrompt,
        PromptSyntax syntax,
        OptionalInt width,
        OptionalInt height,
        long seed,
        int steps,
        Guidance guidance,
        OptionalDouble difficulty,
        SamplingMethod method,
        int firstPicture,
        int pictures,
        PreviewPlan previews,
        @Nullable StartNoise startNoise,
        @Nullable SourcePicture source) {
    private static final int MAX_PROMPT_CHARACTERS = 4096;
    private static final int MAX_STEPS = 1000;
    private static final int MAX_PICTURES = 10;

    public GenerationRequest {
        requirePrompt("prompt", prompt);
        requirePrompt("negative_prompt", negativePrompt);
        syntax.read("prompt", prompt);
        syntax.read("negative_prompt", negativePrompt);
        require(seed >= 0, "seed", seed, "0..9223372036854775807");
        require(1 <= steps && steps <= MAX_STEPS, "steps", steps, "1.." + MAX_STEPS);
        require(firstPicture >= 0, "first_index", firstPicture, "0..2147483647");
        require(1 <= pictures && pictures <= MAX_PICTURES, "n", pictures, "1.." + MAX_PICTURES);
        require(startNoise == null || pictures == 1, "n", pictures, "1, since latents are one picture's noise");
    }

    /** The same in the size that it is drawn in, its source included. */
    GenerationRequest fitted(PictureSize size) {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                syntax,
                OptionalInt.of(size.width()),
                OptionalInt.of(size.height()),
                seed,
                steps,
                guidance,
                difficulty,
                method,
                firstPicture,
                pictures,
                previews,
                startNoise,
                source == null ? null : source.resize(size));
    }

    Told told() {
        return new Told(
                syntax.read("prompt", prompt), syntax.read("negative_prompt", negativePrompt), guidance, difficulty);
    }

    static void requirePrompt(String field, String prompt) {
        int characters = prompt.codePointCount(0, prompt.length());
        require(
                characters <= MAX_PROMPT_CHARACTERS,
                field,
                characters + " characters",
                "at most " + MAX_PROMPT_CHARACTERS);
    }
}
