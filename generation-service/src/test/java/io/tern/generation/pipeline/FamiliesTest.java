package io.tern.generation.pipeline;

import static io.tern.generation.prompt.WeightedPrompt.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.generation.EmojiModel;
import io.tern.generation.Golden;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.generation.score.Guidance;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Every family of pipelines: its network is told what diffusers tells it, in whatever types its graphs have. */
class FamiliesTest {
    private static final JsonNode GOLDEN = Golden.json("families/answers.json");
    private static final PictureSize SIZE = new PictureSize(
            GOLDEN.get("size").get(0).intValue(), GOLDEN.get("size").get(1).intValue());

    @TempDir
    Path copy;

    /** Half precision: its own rounding, of values up to 30. */
    @ParameterizedTest
    @CsvSource({"xl, 2e-5, fp32", "xl-half, 2e-2, fp16", "lcm, 2e-5, fp32", "sd3, 2e-5, fp32"})
    void answersAsTheReference(String name, double tolerance, String precision) {
        JsonNode golden = GOLDEN.get("answers").get(name);
        List<WeightedPrompt> texts = GOLDEN.get("texts")
                .valueStream()
                .map(JsonNode::asString)
                .map(WeightedPrompt::plain)
                .toList();
        try (DiffusionPipeline pipeline = load(Golden.file("families/" + name));
                Arena arena = Arena.ofShared()) {
            assertThat(pipeline.precision()).isEqualTo(precision);
            Shape shape = pipeline.space().latents(texts.size(), SIZE);
            Condition condition = pipeline.conditioner()
                    .condition(
                            texts,
                            new Conditioner.Question(
                                    SIZE, GOLDEN.get("guidance").asDouble()),
                            arena,
                            Cancellation.none());
            FloatTensor x = FloatTensor.copyOf(arena, shape, Golden.floats(golden.get("x")));
            try (OnnxNetwork network =
                    pipeline.denoiser().open(pipeline.inference(), condition, shape, arena, Cancellation.none())) {
                float[] expected = Golden.floats(golden.get("out"));
                assertThat(Golden.largestDifference(network.predict(x, 321).toArray(), expected))
                        .isLessThan(tolerance);
            }
        }
    }

    /** Guidance is told to the network, so one row is enough, and another weight is another answer. */
    @Test
    void tellsADistilledNetworkItsGuidance() {
        try (DiffusionPipeline pipeline = load(Golden.file("families/lcm"))) {
            assertThat(answer(pipeline, 2)).isNotEqualTo(answer(pipeline, 8));
        }
    }

    private static float[] answer(DiffusionPipeline pipeline, double weight) {
        try (Conditioning conditioning = pipeline.open(
                        plain("red owl"), plain("a"), new Guidance(weight, 0), SIZE, Cancellation.none());
                Arena arena = Arena.ofConfined()) {
            FloatTensor data = FloatTensor.allocate(arena, pipeline.latents(SIZE));
            conditioning
                    .scoreModel()
                    .predict(
                            FloatTensor.allocate(arena, pipeline.latents(SIZE)),
                            pipeline.usual()
                                    .method()
                                    .grid(pipeline.schedule(), 4)
                                    .level(1))
                    .data(data);
            return data.toArray();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "xl|unet/config.json|\"in_channels\": 4|\"in_channels\": 9|out_channels: 4 (expected: 9)",
                "xl|tokenizer_2/tokenizer_config.json|12|13|tokenizer_2: 13 tokens (expected: 12, as tokenizer)",
                "lcm|unet/config.json|\"cross_attention_dim\": 6|\"cross_attention_dim\": 5|(expected: a last"
                        + " dimension of 5)",
                "lcm|tokenizer/merges.txt|r e|r zz|vocab.json: no id of zz",
                "sd3|transformer/config.json|20|40|(expected: a last dimension of 40)",
                "sd3|model_index.json|[null, null]|[\"transformers\", \"T5EncoderModel\"]|text_encoder_3: ",
            })
    void refusesFoldersThatDoNotFitTogether(String name, String file, String from, String to, String message)
            throws IOException {
        copy(Golden.file("families/" + name));
        String text = Files.readString(copy.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(copy.resolve(file), text.replace(from, to));
        assertThatThrownBy(() -> load(copy)).isInstanceOf(TernException.class).hasMessageContaining(message);
    }

    @Test
    void refusesAGraphWithoutTheWeightsBesideIt() throws IOException {
        copy(Golden.file("families/xl-half"));
        String whole = DiffusionPipeline.sha256(copy);
        Files.writeString(copy.resolve("unet/model.onnx_data"), "other", StandardOpenOption.APPEND);
        assertThat(DiffusionPipeline.sha256(copy)).isNotEqualTo(whole);
        Files.delete(copy.resolve("unet/model.onnx_data"));
        assertThatThrownBy(() -> load(copy))
                .isInstanceOf(TernException.class)
                .hasMessageStartingWith("unet/model.onnx: ");
    }

    private void copy(Path source) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(source.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    private static DiffusionPipeline load(Path folder) {
        return DiffusionPipeline.load(folder, EmojiModel.INFERENCE);
    }
}
