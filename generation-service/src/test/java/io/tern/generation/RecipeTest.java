package io.tern.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.GenerationEvent.PictureReady;
import io.tern.generation.continuous.ContinuousMethod;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.Samplers;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.imaging.codec.ImageTexts;
import io.tern.imaging.codec.OutputFormat;
import io.tern.imaging.png.PngEncoder;
import io.tern.imaging.webp.WebpEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a picture carries draws it again, byte for byte. */
@Timeout(60)
class RecipeTest {
    private static final RgbImage FROG = ImageDecoder.decode(
            Events.pngs(new Draft("frog").steps(6).request()).getFirst());

    static Stream<Draft> drafts() {
        RgbImage white = new RgbImage(64, 64, new byte[3 * 64 * 64]);
        white.rgb()[0] = -1; // one pixel is drawn anew
        Mask mask = Mask.parse(PngEncoder.encode(white));
        Stream<Draft> others = Stream.of(
                new Draft("naïve \"frog\" 🐸")
                        .negativePrompt("red\n: apple")
                        .guidance(6.25)
                        .rescale(0.3),
                new Draft("pizza").method(GridMethod.of("DPM++ 2M SDE", "karras", "", 0.5)),
                new Draft("pizza").method(GridMethod.of("euler", "", "linspace", Double.NaN)),
                new Draft("pizza")
                        .method(ContinuousMethod.of(
                                "ve", "ancestral", "langevin", 0.2, 2, false, Double.NaN, Double.NaN)),
                new Draft("pizza").method(ContinuousMethod.of("subvp", "", "", Double.NaN, 0, true, 1e-2, 1e-1)),
                new Draft("pizza").firstPicture(41).seed(Long.MAX_VALUE),
                new Draft("pizza").startNoise(StartNoise.parse(new byte[8192])),
                new Draft("pizza").source(new SourcePicture(FROG, null, 0.7)),
                new Draft("pizza").source(new SourcePicture(FROG, mask, 1)),
                new Draft("pizza").source(new SourcePicture(new RgbImage(3, 2, new byte[18]), null, 0.5)));
        return Stream.concat(others, Samplers.names().stream().map(sampler -> new Draft("cat face").sampler(sampler)));
    }

    @ParameterizedTest
    @MethodSource("drafts")
    void drawsTheSameBytesAgain(Draft draft) {
        byte[] png = Events.pngs(draft.request()).getFirst();
        Recipe recipe = Recipe.of(png);
        assertThat(Events.pngs(recipe.request()).getFirst()).isEqualTo(png);
    }

    @ParameterizedTest
    @EnumSource(OutputFormat.class)
    void everyFormatCarriesIt(OutputFormat format) {
        List<GenerationEvent> events = new ArrayList<>();
        Draft draft = new Draft("naïve \"frog\" 🐸").steps(2);
        EmojiModel.GENERATOR.generate(draft.request(), events::add, Cancellation.none());
        PictureReady drawn = (PictureReady) events.getLast();
        byte[] file = new PictureEncoding(format, 100).encode(drawn);

        RecipeTexts texts = RecipeTexts.of(file);
        assertThat(texts.parameters()).isEqualTo(drawn.parameters());
        assertThat(Recipe.of(file).toJson()).isEqualTo(drawn.recipe().toJson());
        assertThat(OutputFormat.of("image", file)).isEqualTo(format);
    }

    @Test
    void aRecipeWithALargePictureIsTooLongForAJpegAlone() {
        byte[] noise = new byte[3 * 128 * 128];
        new Random(1).nextBytes(noise);
        SourcePicture source = new SourcePicture(new RgbImage(128, 128, noise), null, 0.5);
        GenerationRequest request =
                new Draft("frog").size(128, 128).source(source).request();
        PictureReady drawn = new PictureReady(0, source.image(), new Recipe("emoji", "0".repeat(64), request, 0));

        assertThat(RecipeTexts.of(new PictureEncoding(OutputFormat.JPEG, 50).encode(drawn))
                        .recipe())
                .isEmpty();
        assertThat(RecipeTexts.of(new PictureEncoding(OutputFormat.WEBP, 100).encode(drawn))
                        .recipe())
                .isNotEmpty();
    }

    @Test
    void drawsOnePictureOfSeveralAgain() {
        byte[] third =
                Events.pngs(new Draft("pizza").seed(5).pictures(3).request()).get(2);
        assertThat(Events.pngs(Recipe.of(third).request())).containsExactly(third);
    }

    @Test
    void alsoSaysItInTheWordsOfOtherPrograms() {
        byte[] png = Events.pngs(
                        new Draft("a frog").negativePrompt("blue").seed(9).request())
                .getFirst();
        assertThat(ImageTexts.ofPng("image", png).get("parameters")).isEqualTo("""
                        a frog
                        Negative prompt: blue
                        Steps: 5, Sampler: ddim, CFG scale: 3.0, Seed: 9, Size: 64x64, Model hash: 0000000000, \
                        Model: emoji""");
    }

    @Test
    void refusesAPictureWithoutRecipe() {
        assertRefused(PngEncoder.encode(FROG), "a picture without recipe (expected: one that was made here");
        assertRefused(WebpEncoder.encode(FROG), "a picture without recipe");
        assertRefused(new byte[] {1}, "image: another file (expected: a PNG, WebP or JPEG file)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"version\":2}",
                "{\"version\":1}",
                "{\"version\":1,\"index\":0,\"prompt\":\"x\",\"negative_prompt\":\"\",\"seed\":1,\"steps\":0,"
                        + "\"guidance_scale\":3,\"sampler\":\"ddim\",\"model\":\"m\",\"sha256\":\"\"}",
                "{\"version\":1,\"magic\":true}"
            })
    void refusesARecipeThatItCannotFollow(String recipe) {
        byte[] png = PngEncoder.encode(FROG, Map.of(Recipe.KEYWORD, recipe));
        assertThatThrownBy(() -> Recipe.of(png))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("(expected: ");
    }

    @Test
    void refusesARecipeForOtherWeights() {
        EmojiModel.GENERATOR.requireWeights("0".repeat(64));
        assertThatThrownBy(() -> EmojiModel.GENERATOR.requireWeights("1".repeat(64)))
                .isInstanceOf(TernException.class)
                .hasMessageContaining("a recipe for weights of sha256 1111");
    }

    private static void assertRefused(byte[] png, String message) {
        List<GenerationEvent> none = new ArrayList<>();
        assertThatThrownBy(
                        () -> EmojiModel.GENERATOR.generate(Recipe.of(png).request(), none::add, Cancellation.none()))
                .isInstanceOf(TernException.class)
                .hasMessageContaining(message);
    }
}
