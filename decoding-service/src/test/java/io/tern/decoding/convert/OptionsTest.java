package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
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
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The options of each family's config.json, against what transformers computes of the same numbers. */
class OptionsTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("tern.root")).resolve("models/golden/decoding/options.json");
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
        try (LanguageModel model = load(golden)) {
            int[] ids = integers(golden.get("ids"));
            for (int piece : new int[] {ids.length, 7}) {
                assertNear(logits(model, ids, piece), golden);
            }
            int[] text = integers(golden.get("greedy"));
            assertThat(GreedyText.of(model, Arrays.copyOf(text, PROMPT), text.length - PROMPT))
                    .isEqualTo(text);
        }
    }

    private static LanguageModel load(JsonNode golden) throws IOException {
        Path checkpoint =
                Files.createDirectory(folder.resolve(golden.get("name").asString()));
        Files.writeString(
                checkpoint.resolve("config.json"), golden.get("config").toString());
        NumberType type = NumberType.valueOf(golden.get("number").asString());
        boolean aboutZero = golden.at("/config/model_type").asString().equals("gemma3_text");
        SafetensorsWriter writer = new SafetensorsWriter();
        golden.get("tensors").forEachEntry((name, shape) -> {
            long[] dimensions = StreamSupport.stream(shape.spliterator(), false)
                    .mapToLong(JsonNode::asLong)
                    .toArray();
            String written = golden.get("bare_names").asBoolean() ? name.replaceFirst("^model\\.", "") : name;
            writer.tensor(written, type, dimensions, values(name, dimensions, aboutZero));
        });
        writer.writeTo(checkpoint.resolve("model.safetensors"));
        return new ModelLoader(runtime, SmolLm.THREADS, executor, DecoderDevice.CPU, folder.resolve("cache"))
                .load("tiny", ModelSource.of(checkpoint), Precision.FP32, new KvBudget(1 << 24));
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
