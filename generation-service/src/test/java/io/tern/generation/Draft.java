package io.tern.generation;

import io.tern.generation.pipeline.UsualSettings;
import io.tern.generation.prompt.PromptSyntax;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.SamplingMethod;
import io.tern.generation.score.Guidance;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A request in the making: what a test says nothing of has its default. */
public final class Draft {
    private final String prompt;
    private String negativePrompt = "";
    private OptionalInt width = OptionalInt.empty();
    private OptionalInt height = OptionalInt.empty();
    private long seed;
    private int steps = 5;
    private double guidance = UsualSettings.GUIDANCE;
    private double rescale;
    private OptionalDouble difficulty = OptionalDouble.empty();
    private SamplingMethod method = GridMethod.of("ddim");
    private int firstPicture;
    private int pictures = 1;
    private PreviewPlan previews = PreviewPlan.none();
    private @Nullable StartNoise startNoise;
    private @Nullable SourcePicture source;

    public Draft(String prompt) {
        this.prompt = prompt;
    }

    Draft negativePrompt(String text) {
        negativePrompt = text;
        return this;
    }

    Draft size(int wide, int high) {
        width = OptionalInt.of(wide);
        height = OptionalInt.of(high);
        return this;
    }

    Draft seed(long value) {
        seed = value;
        return this;
    }

    Draft steps(int value) {
        steps = value;
        return this;
    }

    Draft guidance(double value) {
        guidance = value;
        return this;
    }

    Draft rescale(double value) {
        rescale = value;
        return this;
    }

    Draft difficulty(double value) {
        difficulty = OptionalDouble.of(value);
        return this;
    }

    Draft sampler(String name) {
        return method(GridMethod.of(name));
    }

    Draft method(SamplingMethod value) {
        method = value;
        return this;
    }

    Draft firstPicture(int index) {
        firstPicture = index;
        return this;
    }

    Draft pictures(int value) {
        pictures = value;
        return this;
    }

    Draft previews(PreviewPlan plan) {
        previews = plan;
        return this;
    }

    Draft startNoise(StartNoise noise) {
        startNoise = noise;
        return this;
    }

    Draft source(SourcePicture picture) {
        source = picture;
        return this;
    }

    GenerationRequest request() {
        return new GenerationRequest(
                prompt,
                negativePrompt,
                PromptSyntax.PLAIN,
                width,
                height,
                seed,
                steps,
                new Guidance(guidance, rescale),
                difficulty,
                method,
                firstPicture,
                pictures,
                previews,
                startNoise,
                source);
    }
}
