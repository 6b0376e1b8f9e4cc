package io.tern.generation.pipeline;

import static io.tern.generation.prompt.WeightedPrompt.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Guidance;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import io.tern.tensor.FloatTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The reference pipeline in numpy, run by run: the text's vectors, the latents, the pixels. */
class EmojiGoldenTest {
    /** What emoji.json allows: other roundings of the coefficients move the latents by up to 1e-4. */
    private static final double LATENT_TOLERANCE = 1e-3;

    /** Of values up to 5. */
    private static final double TEXT_TOLERANCE = 1e-4;

    static Stream<JsonNode> cases() {
        return Golden.json("emoji.json").get("cases").valueStream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void encodesTheTextAsTheReference(JsonNode golden) {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor text = EmojiModel.PIPELINE
                    .conditioner()
                    .condition(
                            List.of(plain(""), plain(golden.get("prompt").asString())),
                            new Conditioner.Question(EmojiModel.SIZE, 1),
                            arena,
                            Cancellation.none())
                    .inputs()
                    .get("encoder_hidden_states");
            float[] expected = Golden.npy(golden.get("text").asString());
            assertThat(Golden.largestDifference(text.toArray(), expected)).isLessThan(TEXT_TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void drawsThePictureOfTheReference(JsonNode golden) throws IOException {
        try (Conditioning conditioning = open(golden);
                Arena arena = Arena.ofConfined()) {
            FloatTensor latents = sample(golden, golden.get("sampler").asString(), conditioning, arena);
            float[] expected = Golden.npy(golden.get("latents").asString());
            assertThat(Golden.largestDifference(latents.toArray(), expected)).isLessThan(LATENT_TOLERANCE);
            assertThat(largestPixelDifference((RgbImage) conditioning.decode(latents), picture(golden)))
                    .isLessThanOrEqualTo(1);
        }
    }

    /** Unclipped DDIM and Euler are one method in two coordinates; the reference's differ by up to 1.1e-4. */
    @Test
    void drawsTheSameByDdimAndByEuler() {
        JsonNode golden = cases().findFirst().orElseThrow();
        try (Conditioning conditioning = open(golden);
                Arena arena = Arena.ofConfined()) {
            float[] ddim = sample(golden, "ddim", conditioning, arena).toArray();
            float[] euler = sample(golden, "euler", conditioning, arena).toArray();
            assertThat(Golden.largestDifference(ddim, euler)).isLessThan(2e-4);
        }
    }

    @Test
    void drawsNoPictureOfWhatIsNoNumber() {
        try (Conditioning conditioning = open(cases().findFirst().orElseThrow());
                Arena arena = Arena.ofConfined()) {
            FloatTensor latents = FloatTensor.allocate(arena, EmojiModel.PIPELINE.latents(EmojiModel.SIZE));
            latents.set(0, Float.NaN);
            assertThatThrownBy(() -> conditioning.decode(latents))
                    .isInstanceOfSatisfying(
                            TernException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL_ERROR))
                    .hasMessageContaining("pixels: NaN");
        }
    }

    private static Conditioning open(JsonNode golden) {
        return EmojiModel.PIPELINE.open(
                plain(golden.get("prompt").asString()),
                plain(""),
                new Guidance(golden.get("guidance").asDouble(), 0),
                EmojiModel.SIZE,
                Cancellation.none());
    }

    private static FloatTensor sample(JsonNode golden, String sampler, Conditioning conditioning, Arena arena) {
        float[] noise = Golden.npy(golden.get("noise").asString());
        FloatTensor start = FloatTensor.copyOf(arena, EmojiModel.PIPELINE.latents(EmojiModel.SIZE), noise);
        GridMethod method = GridMethod.of(sampler);
        TimeGrid grid =
                method.grid(EmojiModel.PIPELINE.schedule(), golden.get("steps").asInt());
        LinearCombination.scale(start, method.startDeviation(grid.level(0)), start);
        SamplingRun run = new SamplingRun(grid, new PhiloxNoise(0, 0), (_, _) -> {}, arena);
        return method.create().sample(conditioning.scoreModel(), start, run);
    }

    private static RgbImage picture(JsonNode golden) throws IOException {
        return ImageDecoder.decode(
                Files.readAllBytes(Golden.file(golden.get("png").asString())));
    }

    private static int largestPixelDifference(RgbImage a, RgbImage b) {
        assertThat(a.rgb()).hasSameSizeAs(b.rgb());
        int largest = 0;
        for (int i = 0; i < a.rgb().length; i++) {
            largest = Math.max(largest, Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff)));
        }
        return largest;
    }
}
