package io.tern.generation.pictures;

import io.tern.base.Cancellation;
import io.tern.generation.EmojiModel;
import io.tern.generation.GenerationEvent;
import io.tern.generation.GenerationRequest;
import io.tern.generation.Golden;
import io.tern.generation.PreviewPlan;
import io.tern.generation.SourcePicture;
import io.tern.generation.prompt.PromptSyntax;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.Samplers;
import io.tern.generation.score.Guidance;
import io.tern.imaging.Resampling;
import io.tern.imaging.ResamplingFilter;
import io.tern.imaging.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Draws the pictures of docs/generation.md, when asked for by name: {@code mvn -pl generation-service -am test
 * -Dtest=DrawPictures -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class DrawPictures {
    private static final Path FOLDER = Golden.root().resolve("docs/pictures");
    private static final int SIDE = 64;
    private static final int GAP = 4;

    /** Rows of five, in the order of {@link Samplers#names}. */
    @Test
    void drawsOneSeedUnderAllSamplers() throws IOException {
        List<List<RgbImage>> rows = new ArrayList<>();
        for (String sampler : Samplers.names()) {
            if (rows.isEmpty() || rows.getLast().size() == 5) {
                rows.add(new ArrayList<>());
            }
            rows.getLast().add(draw("red apple", 20, 3, sampler));
        }
        sheet(rows, "samplers.png");
    }

    @Test
    void drawsAScaleOfGuidance() throws IOException {
        List<List<RgbImage>> rows = new ArrayList<>();
        for (String prompt : List.of("red apple", "blue frog", "grinning face")) {
            List<RgbImage> row = new ArrayList<>();
            for (double weight : new double[] {1, 1.5, 2, 3, 5, 8, 15, 30}) {
                row.add(draw(prompt, 20, weight, "ddim"));
            }
            rows.add(row);
        }
        sheet(rows, "guidance.png");
    }

    @Test
    void drawsNumbersOfSteps() throws IOException {
        List<List<RgbImage>> rows = new ArrayList<>();
        for (String sampler : List.of("ddim", "euler_a", "heun", "dpmpp_2m", "unipc")) {
            List<RgbImage> row = new ArrayList<>();
            for (int steps : new int[] {2, 3, 4, 6, 8, 12, 20, 50}) {
                row.add(draw("cat face", steps, 3, sampler));
            }
            rows.add(row);
        }
        sheet(rows, "steps.png");
    }

    @Test
    void drawsOverEnlargedPictures() throws IOException {
        List<List<RgbImage>> rows = new ArrayList<>();
        for (String prompt : List.of("cat face", "red apple")) {
            RgbImage small = draw(prompt, 20, 3, "ddim");
            List<RgbImage> row = new ArrayList<>();
            row.add(Resampling.resize(small, 3 * SIDE, 3 * SIDE, ResamplingFilter.LANCZOS));
            for (double strength : new double[] {0.05, 0.1, 0.2}) {
                row.add(draw(prompt, 20, 3, "ddim", new SourcePicture(small, null, strength, OptionalDouble.of(3))));
            }
            rows.add(row);
        }
        sheet(rows, 3 * SIDE, "upscaled.png");
    }

    @Test
    void drawsTheWaysThroughAMixture() throws IOException {
        new MixturePanels().save(FOLDER.resolve("mixture.png"));
    }

    private static RgbImage draw(String prompt, int steps, double guidance, String sampler) {
        return draw(prompt, steps, guidance, sampler, null);
    }

    private static RgbImage draw(
            String prompt, int steps, double guidance, String sampler, @Nullable SourcePicture source) {
        GenerationRequest request = new GenerationRequest(
                prompt,
                "",
                PromptSyntax.PLAIN,
                OptionalInt.empty(),
                OptionalInt.empty(),
                7,
                steps,
                new Guidance(guidance, 0),
                OptionalDouble.empty(),
                GridMethod.of(sampler),
                0,
                1,
                PreviewPlan.none(),
                null,
                source);
        List<RgbImage> drawn = new ArrayList<>();
        EmojiModel.GENERATOR.generate(
                request,
                event -> {
                    if (event instanceof GenerationEvent.PictureReady ready) {
                        drawn.add((RgbImage) ready.image());
                    }
                },
                Cancellation.none());
        return drawn.getFirst();
    }

    private static void sheet(List<List<RgbImage>> rows, String name) throws IOException {
        sheet(rows, SIDE, name);
    }

    private static void sheet(List<List<RgbImage>> rows, int side, String name) throws IOException {
        int columns = rows.getFirst().size();
        Canvas canvas = new Canvas(columns * (side + GAP) - GAP, rows.size() * (side + GAP) - GAP);
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.get(row).size(); column++) {
                canvas.picture(rows.get(row).get(column), column * (side + GAP), row * (side + GAP));
            }
        }
        canvas.save(FOLDER.resolve(name));
    }
}
