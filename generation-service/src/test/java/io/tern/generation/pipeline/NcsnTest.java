package io.tern.generation.pipeline;

import static io.tern.generation.prompt.WeightedPrompt.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.linear.LinearCombination;
import io.tern.generation.noise.PhiloxNoise;
import io.tern.generation.sampler.GridMethod;
import io.tern.generation.sampler.SamplingRun;
import io.tern.generation.schedule.NoiseLevel;
import io.tern.generation.schedule.TimeGrid;
import io.tern.generation.score.Guidance;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The score network without text, against what ONNX Runtime in Python made of the same file. */
class NcsnTest {
    private static final JsonNode GOLDEN = Golden.json("ncsn.json");
    private static final Path FOLDER = Golden.root().resolve("models/ncsn");
    private static final PictureSize SIZE = new PictureSize(32, 32);

    static DiffusionPipeline pipeline;

    @BeforeAll
    static void load() {
        pipeline = DiffusionPipeline.load(FOLDER, EmojiModel.INFERENCE);
    }

    @AfterAll
    static void close() {
        pipeline.close();
    }

    /** In deviations of the noise: a score is as large as 1 / σ. */
    @Test
    void givesTheScoreOfTheReferenceAtEachLevel() {
        JsonNode golden = GOLDEN.get("score");
        float[] samples = floats(golden.get("sample"));
        float[] scores = floats(golden.get("score"));
        try (Conditioning conditioning = open();
                Arena arena = Arena.ofConfined()) {
            FloatTensor noise = FloatTensor.allocate(arena, pipeline.latents(SIZE));
            int size = (int) noise.size();
            for (int row = 0; row < golden.get("sigma").size(); row++) {
                double sigma = golden.get("sigma").get(row).asDouble();
                NoiseLevel level = pipeline.schedule().path().atSigma(sigma);
                FloatTensor x = FloatTensor.allocate(arena, noise.shape());
                for (int i = 0; i < size; i++) {
                    x.set(i, samples[row * size + i]);
                }
                conditioning.scoreModel().predict(x, level).noise(noise);
                for (int i = 0; i < size; i++) {
                    assertThat(Math.abs(noise.get(i) + sigma * scores[row * size + i]))
                            .as("sigma %s, element %s", sigma, i)
                            .isLessThan(2e-4);
                }
            }
        }
    }

    /** Euler's method over the same levels: geometric, and at last to no noise. */
    @Test
    void followsTheFlowOfTheReference() {
        JsonNode golden = GOLDEN.get("ode");
        GridMethod method = GridMethod.of("euler", "exponential", "", Double.NaN);
        try (Conditioning conditioning = open();
                Arena arena = Arena.ofConfined()) {
            TimeGrid grid =
                    method.grid(pipeline.schedule(), golden.get("sigmas").size() - 1);
            for (int i = 0; i <= grid.steps(); i++) {
                double expected = golden.get("sigmas").get(i).asDouble();
                assertThat(Math.abs(grid.level(i).sigma() - expected)).isLessThanOrEqualTo(1e-6 * expected);
            }
            float[] values = floats(golden.get("start"));
            float[] expected = floats(golden.get("end"));
            int size = (int) pipeline.latents(SIZE).size();
            for (int row = 0; row < values.length / size; row++) {
                FloatTensor start = FloatTensor.allocate(arena, pipeline.latents(SIZE));
                for (int i = 0; i < size; i++) {
                    start.set(i, values[row * size + i]);
                }
                SamplingRun run = new SamplingRun(grid, new PhiloxNoise(0, 0), (_, _) -> {}, arena);
                float[] end = method.create()
                        .sample(conditioning.scoreModel(), start, run)
                        .toArray();
                for (int i = 0; i < size; i++) {
                    assertThat(Math.abs(end[i] - expected[row * size + i])).isLessThan(1e-3f);
                }
            }
        }
    }

    /** 0 is black and 1 is white; what lies outside is cut. */
    @Test
    void takesSamplesForGreyPictures() {
        try (Conditioning conditioning = open();
                Arena arena = Arena.ofConfined()) {
            FloatTensor sample = FloatTensor.allocate(arena, pipeline.latents(SIZE));
            sample.set(0, 1);
            sample.set(1, 0.5f);
            sample.set(2, -3);
            sample.set(3, 3);
            RgbImage image = (RgbImage) conditioning.decode(sample);
            assertThat(image.pixel(0, 0)).isEqualTo(0xffffff);
            assertThat(image.pixel(1, 0)).isEqualTo(0x808080);
            assertThat(image.pixel(2, 0)).isZero();
            assertThat(image.pixel(3, 0)).isEqualTo(0xffffff);
            FloatTensor encoded = conditioning.encode(image).draw(new PhiloxNoise(0, 0), arena);
            assertThat(encoded.get(0)).isEqualTo(1);
            assertThat(encoded.get(1)).isEqualTo(128 / 255f);
            LinearCombination.scale(sample, Double.NaN, sample);
            assertThatThrownBy(() -> conditioning.decode(sample))
                    .isInstanceOf(TernException.class)
                    .hasMessageContaining("pixels: NaN");
        }
    }

    @Test
    void isServedAsItIs() throws IOException {
        assertThat(DiffusionPipeline.sha256(FOLDER)).isEqualTo(Sha256.of(FOLDER.resolve("unet/model.onnx")));
        assertThat(pipeline.encodesPictures()).isTrue();
        assertThat(pipeline.usual().guidance()).isEqualTo(1);
        assertThat(pipeline.precision()).isEqualTo("fp32");
    }

    private static Conditioning open() {
        return pipeline.open(plain(""), plain(""), Guidance.NONE, SIZE, Cancellation.none());
    }

    private static float[] floats(JsonNode base64) {
        byte[] bytes = base64.binaryValue();
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
