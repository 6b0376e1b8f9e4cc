package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.decoding.model.DecoderDevice;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import io.tern.decoding.model.ModelLoader;
import io.tern.decoding.model.SmolLm;
import io.tern.decoding.safetensors.NumberType;
import io.tern.decoding.safetensors.SafetensorsWriter;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The options of each family's config.json, against what transformers computes of the same numbers. */
class OptionsTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("tern.root")).resolve("models/golden/decoding/options.json");
    private static final Set<String> IN_GGUF = Set.of(
            "smollm3",
            "phi3-window",
            "phi3-longrope-partial",
            "phi3-longrope-old-config",
            "granite",
            "olmo2",
            "gemma2");
    private static final int PROMPT = 8;
    private static final float TOLERANCE = 2e-5f;

    @TempDir
    private static Path folder;

    private static OnnxRuntime runtime;
    private static InferenceExecutor executor;

    @BeforeAll
    static void open() {
        runtime = OnnxRuntime.open(SmolLm.THREADS);
        executor = new InferenceExecutor(1, 4);
    }

    @AfterAll
    static void close() {
        executor.close();
        runtime.close();
    }

    static Stream<JsonNode> cases() throws IOException {
        JsonNode golden = JsonMapper.shared().readTree(Files.readAllBytes(GOLDEN));
        return StreamSupport.stream(golden.get("cases").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheLogitsAndTextsOfTheReference(JsonNode golden) throws IOException {
        try (LanguageModel model = load(checkpoint(golden))) {
            int[] ids = integers(golden.get("ids"));
            for (int piece : new int[] {ids.length, 7}) {
                assertNear(logits(model, ids, piece), golden);
            }
            int[] text = integers(golden.get("greedy"));
            assertThat(GreedyText.of(model, Arrays.copyOf(text, PROMPT), text.length - PROMPT))
                    .isEqualTo(text);
        }
    }

    static Stream<JsonNode> casesThatGgufFilesCanSay() throws IOException {
        return cases().filter(golden -> IN_GGUF.contains(golden.get("name").asString()));
    }

    @ParameterizedTest
    @MethodSource("casesThatGgufFilesCanSay")
    void givesTheSameFromAGgufFile(JsonNode golden) throws IOException {
        Path checkpoint = checkpoint(golden);
        Path gguf = GgufCopy.of(checkpoint, checkpoint.resolve("model.gguf"));
        try (LanguageModel model = load(gguf)) {
            int[] ids = integers(golden.get("ids"));
            assertNear(logits(model, ids, ids.length), golden);
        }
    }

    /** LongRoPE's other list, for longer texts, would make other ones of the shorter texts. */
    @Test
    void servesLongRopeWithinItsOriginalContext() throws IOException {
        try (DecoderCheckpoint checkpoint = FolderCheckpoint.open(checkpoint(golden("phi3-longrope-partial")))) {
            assertThat(checkpoint.design().shape().context()).isEqualTo(64);
        }
    }

    static Stream<List<String>> refusals() {
        return Stream.of(
                List.of(
                        "phi3-longrope-partial",
                        "[1.0,1.25,1.5]",
                        "[1.0,1.25]",
                        "rope factors: 2 (expected: 3, one for each"),
                List.of(
                        "phi3-longrope-partial",
                        "[1.0,1.25,1.5]",
                        "[1.0,0,1.5]",
                        "rope factor: 0.0 (expected: above 0)"),
                List.of(
                        "phi3-longrope-partial",
                        "\"partial_rotary_factor\":0.75",
                        "\"partial_rotary_factor\":1.5",
                        "1.5 (expected: above 0, at most 1)"),
                List.of(
                        "phi3-window",
                        "\"intermediate_size\":32",
                        "\"intermediate_size\":24",
                        "gate_up_proj.weight: [64, 32] (expected: 48 rows)"),
                List.of(
                        "phi3-window",
                        "\"num_key_value_heads\":2",
                        "\"num_key_value_heads\":4",
                        "qkv_proj.weight: [64, 32] (expected: 96 rows)"),
                List.of("smollm3-windows-biases", "[0,1,0]", "[0,1]", "no_rope_layers: 2 layers (expected: 3 layers)"),
                List.of(
                        "granite",
                        "\"residual_multiplier\":0.375",
                        "\"residual_multiplier\":0",
                        "residual scale: 0.0 (expected: above 0"),
                List.of(
                        "olmo2",
                        "\"hidden_act\":\"silu\"",
                        "\"hidden_act\":\"relu2\"",
                        "hidden_act: relu2 (expected: silu"),
                List.of(
                        "gemma2",
                        "\"attn_logit_softcapping\":1.5",
                        "\"attn_logit_softcapping\":-1",
                        "attention score cap: -1.0"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatMakesNoSense(List<String> refusal) throws IOException {
        Path checkpoint = checkpoint(golden(refusal.get(0)));
        Path config = checkpoint.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(refusal.get(1));
        Files.writeString(config, text.replace(refusal.get(1), refusal.get(2)));
        assertThatThrownBy(() -> load(checkpoint))
                .isInstanceOf(TernException.class)
                .hasMessageContaining(refusal.get(3));
    }

    @Test
    void autoIsFp32WhereRowsAreNotWholeBlocks() throws IOException {
        PrecisionChoice auto = PrecisionChoice.of("auto");
        assertThat(auto.of(ModelSource.of(checkpoint(golden("llama-longrope")))))
                .isEqualTo(Precision.FP32);
        assertThat(auto.of(ModelSource.of(checkpoint(golden("llama-yarn"))))).isEqualTo(Precision.INT8);
    }

    private static JsonNode golden(String name) throws IOException {
        return cases().filter(golden -> golden.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static LanguageModel load(Path checkpoint) throws IOException {
        return new ModelLoader(runtime, SmolLm.THREADS, executor, DecoderDevice.CPU, folder.resolve("cache"))
                .load("tiny", ModelSource.of(checkpoint), Precision.FP32, new KvBudget(1 << 24));
    }

    private static Path checkpoint(JsonNode golden) throws IOException {
        Path checkpoint = Files.createTempDirectory(folder, "checkpoint");
        Files.writeString(
                checkpoint.resolve("config.json"), golden.get("config").toString());
        NumberType type = NumberType.valueOf(golden.get("number").asString());
        boolean aboutZero = golden.at("/config/model_type").asString().startsWith("gemma");
        SafetensorsWriter writer = new SafetensorsWriter();
        golden.get("tensors").forEachEntry((name, shape) -> {
            long[] dimensions = StreamSupport.stream(shape.spliterator(), false)
                    .mapToLong(JsonNode::asLong)
                    .toArray();
            String written = golden.get("bare_names").asBoolean() ? name.replaceFirst("^model\\.", "") : name;
            writer.tensor(written, type, dimensions, values(name, dimensions, aboutZero));
        });
        writer.writeTo(checkpoint.resolve("model.safetensors"));
        return checkpoint;
    }

    /** As options.py makes them: a byte of a mixed counter for each place. */
    private static float[] values(String name, long[] shape, boolean aboutZero) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        boolean norm = name.endsWith("norm.weight");
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            long x = (i + 1) * 0x9E3779B97F4A7C15L + crc.getValue();
            x = (x ^ x >>> 31) * 0xBF58476D1CE4E5B9L;
            int number = (int) ((x ^ x >>> 29) >>> 56) - 128;
            values[i] = norm ? (aboutZero ? 0 : 1) + (number >> 4) / 16f : number / 256f;
        }
        return values;
    }

    private static float[][] logits(LanguageModel model, int[] ids, int piece) {
        float[][] rows = new float[ids.length][];
        try (KvCache cache = model.newCache(ids.length)) {
            while (cache.length() < ids.length) {
                int begin = cache.length();
                int count = Math.min(piece, ids.length - begin);
                Logits logits =
                        model.forward(cache, Arrays.copyOfRange(ids, begin, begin + count), count, Cancellation.none());
                for (int row = 0; row < count; row++) {
                    rows[begin + row] = new float[logits.vocabularySize()];
                    logits.copyRow(row, rows[begin + row]);
                }
                cache.commit(count);
            }
        }
        return rows;
    }

    private static void assertNear(float[][] found, JsonNode golden) {
        List<JsonNode> wanted =
                StreamSupport.stream(golden.get("logits").spliterator(), false).toList();
        for (int i = 0; i < wanted.size(); i++) {
            int row = golden.get("rows").get(i).asInt();
            for (int j = 0; j < found[row].length; j++) {
                float expected = wanted.get(i).get(j).floatValue();
                assertThat(Math.abs(found[row][j] - expected))
                        .as("row %d, token %d: %s against %s", row, j, found[row][j], expected)
                        .isLessThan(TOLERANCE * Math.max(1, Math.abs(expected)));
            }
        }
    }

    private static int[] integers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
