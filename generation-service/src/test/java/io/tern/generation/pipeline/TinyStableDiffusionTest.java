package io.tern.generation.pipeline;

import static io.tern.generation.prompt.WeightedPrompt.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.Noise;
import io.tern.generation.sampler.SamplingMethod;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Guidance;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Stable Diffusion in miniature: the pictures that diffusers draws with the same files, noise and settings. */
class TinyStableDiffusionTest {
    private static final JsonNode GOLDEN = Golden.json("pipeline.json");
    private static final PictureSize SIZE = new PictureSize(32, 32);
    private static final int TOLERANCE = 2;

    private static final Map<String, String> CLASSES = Map.of(
            "ddim", "DDIMScheduler",
            "euler", "EulerDiscreteScheduler",
            "euler_a", "EulerAncestralDiscreteScheduler",
            "pndm", "PNDMScheduler",
            "unipc", "UniPCMultistepScheduler",
            "dpmpp_2m_karras", "DPMSolverMultistepScheduler");

    private static final Map<String, DiffusionPipeline> PIPELINES = new HashMap<>();

    @TempDir
    static Path folders;

    static Stream<JsonNode> cases() {
        return GOLDEN.get("cases").valueStream();
    }

    @AfterAll
    static void close() {
        PIPELINES.values().forEach(DiffusionPipeline::close);
        PIPELINES.clear();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void drawsThePictureOfDiffusers(JsonNode golden) {
        DiffusionPipeline pipeline = pipeline(scheduler(golden));
        Guidance guidance = new Guidance(golden.get("guidance_scale").asDouble(), 0);
        try (Conditioning conditioning = pipeline.open(
                        plain(golden.get("prompt").asString()),
                        plain(golden.get("negative_prompt").asString()),
                        guidance,
                        SIZE,
                        Cancellation.none());
                Arena arena = Arena.ofConfined()) {
            RgbImage drawn = (RgbImage) conditioning.decode(sample(golden, pipeline, conditioning, arena));
            byte[] expected = bytes(golden.get("image_u8"));
            int largest = 0;
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs((expected[i] & 0xff) - (drawn.rgb()[i] & 0xff)));
            }
            assertThat(largest).isLessThanOrEqualTo(TOLERANCE);
        }
    }

    private static FloatTensor sample(
            JsonNode golden, DiffusionPipeline pipeline, Conditioning conditioning, Arena arena) {
        boolean fromPicture = golden.get("task").asString().equals("img2img");
        int firstDraw = fromPicture ? 1 : 0;
        // The posterior's draw comes before the start's, and those of the steps behind it.
        Noise noise = (step, into) -> into.copyFrom(FloatTensor.copyOf(
                arena, into.shape(), Golden.floats(GOLDEN.get("noise").get(firstDraw + step))));
        SamplingMethod method = pipeline.usual().method();
        TimeGrid all = method.grid(pipeline.schedule(), golden.get("steps").asInt());
        TimeGrid grid = all;
        FloatTensor start = FloatTensor.allocate(arena, pipeline.latents(SIZE));
        noise.fill(Noise.START, start);
        if (fromPicture) {
            grid = all.last((int) (all.steps() * golden.get("strength").asDouble()));
            NoiseLevel first = grid.level(0);
            FloatTensor known = conditioning
                    .encode(new RgbImage(32, 32, bytes(GOLDEN.get("init_image"))))
                    .draw(noise, arena);
            LinearCombination.combine(start, first.signal(), known, first.noise(), start);
        } else {
            LinearCombination.scale(start, method.startDeviation(grid.level(0)), start);
        }
        return method.create()
                .sample(conditioning.scoreModel(), start, new SamplingRun(grid, noise, (_, _) -> {}, arena));
    }

    @Test
    void drawsOtherSizesThatItsGraphsCanTake() {
        DiffusionPipeline pipeline = pipeline("ddim");
        assertThat(pipeline.size(OptionalInt.empty(), OptionalInt.empty())).isEqualTo(SIZE);
        PictureSize wide = pipeline.size(OptionalInt.of(64), OptionalInt.of(28));
        assertThat(pipeline.latents(wide)).isEqualTo(Shape.of(1, 4, 14, 32));
        try (Conditioning conditioning =
                        pipeline.open(plain("apple"), plain(""), new Guidance(3, 0), wide, Cancellation.none());
                Arena arena = Arena.ofConfined()) {
            RgbImage drawn = (RgbImage) conditioning.decode(FloatTensor.allocate(arena, pipeline.latents(wide)));
            assertThat(drawn.width()).isEqualTo(64);
            assertThat(drawn.height()).isEqualTo(28);
        }
        assertThatThrownBy(() -> pipeline.size(OptionalInt.of(30), OptionalInt.empty()))
                .isInstanceOf(TernException.class)
                .hasMessage("width: 30 (expected: a multiple of 4 up to 2048)");
        assertThatThrownBy(() -> pipeline.size(OptionalInt.empty(), OptionalInt.of(100_000)))
                .hasMessage("height: 100000 (expected: a multiple of 4 up to 2048)");
    }

    private static String scheduler(JsonNode golden) {
        return golden.get("scheduler").asString();
    }

    private static DiffusionPipeline pipeline(String scheduler) {
        return PIPELINES.computeIfAbsent(scheduler, name -> DiffusionPipeline.load(folder(name), EmojiModel.INFERENCE));
    }

    /** The tiny pipeline under another scheduler. */
    private static Path folder(String scheduler) {
        Path source = Golden.file("tiny-sd");
        Path folder = folders.resolve(scheduler);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(source.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
            ObjectNode config = (ObjectNode) config(scheduler).deepCopy();
            config.put("_class_name", CLASSES.get(scheduler));
            Files.writeString(folder.resolve("scheduler/scheduler_config.json"), config.toString());
            Path index = folder.resolve("model_index.json");
            Files.writeString(index, Files.readString(index).replace("PNDMScheduler", CLASSES.get(scheduler)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    /** Pictures from pictures were drawn under the same settings as those from noise. */
    private static JsonNode config(String scheduler) {
        return GOLDEN.get("cases")
                .valueStream()
                .filter(golden -> scheduler(golden).equals(scheduler) && golden.has("config"))
                .map(golden -> golden.get("config"))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] bytes(JsonNode array) {
        byte[] bytes = new byte[array.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) array.get(i).intValue();
        }
        return bytes;
    }
}
