package io.tern.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tern.base.Cancellation;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.pipeline.DiffusionPipeline;
import io.tern.generation.sampler.GridMethod;
import io.tern.imaging.Grey16Image;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Heights by a number: a graph whose answer is a closed form, and the model of PyPI where it has been fetched. */
class HeightfieldTest {
    private static final double HIGHEST_METRES = 22.16864013671875;
    private static final Path CLOSED_FORM = Golden.file("heightfield");

    /** denoised = noisy / (1 + σ²) + 2·difficulty − 1, the latter in 0..1. */
    @Test
    void drawsInOneStepFromTheMostNoise() {
        double level = 2 * (70 - 1) / 99.0 - 1;
        Grey16Image drawn = draw(CLOSED_FORM, request(70).seed(3).request());
        double[] expected = metres(start(3), value -> 80 * value / (1 + 80 * 80) + level);
        assertSame(drawn, expected);
    }

    /** Song et al. 2023, algorithm 1, written out. */
    @Test
    void addsNoiseBetweenSteps() {
        Grey16Image drawn = draw(CLOSED_FORM, request(20).seed(3).steps(2).request());
        double level = 2 * (20 - 1) / 99.0 - 1;
        double next = 0.002 * Math.pow(80 / 0.002, 499.0 / 999);
        float[] start = start(3);
        float[] fresh = noise(3, 1);
        float[] x = new float[64];
        for (int i = 0; i < x.length; i++) {
            double jumped = 80 * start[i] / (1 + 80 * 80) + level;
            x[i] = (float) (jumped + Math.sqrt(next * next - 0.002 * 0.002) * fresh[i]);
        }
        assertSame(drawn, metres(x, value -> value / (1 + next * next) + level));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.99, 100.5, Double.NaN, Double.POSITIVE_INFINITY, -1})
    void refusesADifficultyOutsideOfItsRange(double difficulty) {
        assertRefused(request(difficulty).request(), "difficulty: " + difficulty + " (expected: 1..100)");
    }

    @Test
    void refusesWhatItIsNotTold() {
        assertRefused(new Draft("hills").guidance(1).steps(1).request(), "prompt");
        assertRefused(new Draft("").guidance(3).steps(1).request(), "guidance_scale: 3.0");
        assertRefused(request(5).size(16, 16).request(), "width: 16 (expected: 8, the model's size)");
    }

    @Test
    void otherModelsRefuseADifficulty() {
        assertThatThrownBy(() -> EmojiModel.GENERATOR.check(
                        new Draft("apple").difficulty(5).request()))
                .isInstanceOf(TernException.class)
                .hasMessageStartingWith("difficulty: 5.0 (expected: absent");
    }

    @Test
    void recipesTellTheDifficulty() {
        try (DiffusionPipeline pipeline = DiffusionPipeline.load(CLOSED_FORM, EmojiModel.INFERENCE)) {
            ImageGenerator generator = new ImageGenerator("heights", "0".repeat(64), pipeline);
            List<GenerationEvent.PictureReady> drawn =
                    pictures(generator, request(70).request());
            Recipe recipe = Recipe.of(drawn.getFirst().png());
            assertThat(recipe.request().difficulty()).hasValue(70);
            assertThat(drawn.getFirst().parameters()).contains("Difficulty: 70.0");
            assertThat(generator.drawsColours())
                    .as("16-bit grey is in PNG alone")
                    .isFalse();
            assertThat(pictures(generator, recipe.request()).getFirst().png())
                    .isEqualTo(drawn.getFirst().png());
        }
    }

    @Test
    void refusesAnotherGraphInItsPlace(@TempDir Path folder) throws IOException {
        Files.copy(EmojiModel.FOLDER.resolve("vae_encoder/model.onnx"), folder.resolve("model.onnx"));
        assertThatThrownBy(() -> DiffusionPipeline.load(folder, EmojiModel.INFERENCE))
                .isInstanceOf(TernException.class)
                .hasMessageContaining("model.onnx: input: sample (expected: none but [noisy, sigma, difficulty]");
    }

    /** Metres by the package's own Python. Run where ./tern models fetch terrain has put it. */
    @Test
    void givesTheHeightsOfTheReference() throws IOException {
        JsonNode golden = Golden.json("heightfield.json");
        Path folder = Path.of(System.getProperty("tern.terrain", Golden.root() + "/.tern/models/terrain"));
        assumeTrue(Files.exists(folder.resolve("model.onnx")), "the terrain model has not been fetched");
        assertThat(Sha256.of(folder.resolve("model.onnx")))
                .isEqualTo(golden.get("sha256").stringValue());
        try (DiffusionPipeline pipeline = DiffusionPipeline.load(folder, EmojiModel.INFERENCE)) {
            ImageGenerator generator = new ImageGenerator("terrain", "0".repeat(64), pipeline);
            for (JsonNode known : golden.get("cases")) {
                Draft draft = request(known.get("difficulty").doubleValue())
                        .seed(golden.get("seed").longValue())
                        .steps(known.get("sigmas").size());
                Grey16Image drawn = (Grey16Image)
                        pictures(generator, draft.request()).getFirst().image();
                FloatBuffer metres = ByteBuffer.wrap(known.get("metres").binaryValue())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer();
                for (int i = 0; i < metres.remaining(); i++) {
                    assertThat(drawn.level(4 * (i % 32), 4 * (i / 32)) * HIGHEST_METRES / 65535)
                            .as("difficulty %s, place %s", known.get("difficulty"), i)
                            .isCloseTo(
                                    metres.get(i),
                                    within(golden.get("tolerance_metres").doubleValue()));
                }
            }
        }
    }

    private static Draft request(double difficulty) {
        return new Draft("").difficulty(difficulty).guidance(1).steps(1).method(GridMethod.of("consistency"));
    }

    private static Grey16Image draw(Path folder, GenerationRequest request) {
        try (DiffusionPipeline pipeline = DiffusionPipeline.load(folder, EmojiModel.INFERENCE)) {
            ImageGenerator generator = new ImageGenerator("heights", "0".repeat(64), pipeline);
            return (Grey16Image) pictures(generator, request).getFirst().image();
        }
    }

    private static List<GenerationEvent.PictureReady> pictures(ImageGenerator generator, GenerationRequest request) {
        List<GenerationEvent.PictureReady> drawn = new ArrayList<>();
        generator.generate(
                request,
                event -> {
                    if (event instanceof GenerationEvent.PictureReady ready) {
                        drawn.add(ready);
                    }
                },
                Cancellation.none());
        return drawn;
    }

    private static void assertRefused(GenerationRequest request, String message) {
        try (DiffusionPipeline pipeline = DiffusionPipeline.load(CLOSED_FORM, EmojiModel.INFERENCE)) {
            ImageGenerator generator = new ImageGenerator("heights", "0".repeat(64), pipeline);
            assertThatThrownBy(() -> generator.check(request))
                    .isInstanceOf(TernException.class)
                    .hasMessageContaining(message);
        }
    }

    private static float[] start(long seed) {
        return noise(seed, 0);
    }

    private static float[] noise(long seed, int step) {
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor noise = FloatTensor.allocate(arena, Shape.of(1, 1, 8, 8));
            new PhiloxNoise(seed, 0).fill(step, noise);
            return noise.toArray();
        }
    }

    /** Of samples through the network's closed form, above the lowest. */
    private static double[] metres(float[] samples, DoubleUnaryOperator network) {
        double[] metres = new double[samples.length];
        double scale = Math.log(HIGHEST_METRES / 0.1 + Math.hypot(HIGHEST_METRES / 0.1, 1));
        double lowest = HIGHEST_METRES;
        for (int i = 0; i < metres.length; i++) {
            double share = Math.clamp((network.applyAsDouble(samples[i]) + 1) / 2, 0, 1);
            metres[i] = Math.min(HIGHEST_METRES, 0.1 * Math.sinh(share * scale));
            lowest = Math.min(lowest, metres[i]);
        }
        for (int i = 0; i < metres.length; i++) {
            metres[i] -= lowest;
        }
        return metres;
    }

    private static void assertSame(Grey16Image drawn, double[] metres) {
        for (int i = 0; i < metres.length; i++) {
            assertThat(drawn.level(i % 8, i / 8) * HIGHEST_METRES / 65535)
                    .as("place %s", i)
                    .isCloseTo(metres[i], within(5e-4));
        }
        assertThat(Arrays.stream(metres).max().orElseThrow()).isGreaterThan(0.01);
    }
}
