package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.decoding.gguf.NpzFile;
import io.tern.decoding.model.DecoderDevice;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.ModelLoader;
import io.tern.decoding.model.StepOutput;
import io.tern.decoding.safetensors.NumberType;
import io.tern.decoding.safetensors.SafetensorsFolder;
import io.tern.decoding.safetensors.SafetensorsWriter;
import io.tern.decoding.tree.TokenTree;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny checkpoints of random weights against what transformers computes of them. */
class FamilyTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("tern.root")).resolve("models/golden/decoding/families");
    private static final int THREADS = 2;
    private static final int TEXTS = 2;
    private static final int PROMPT = 8;
    private static final float HALF_TOLERANCE = 2e-2f;

    @TempDir
    private static Path cache;

    private static OnnxRuntime runtime;
    private static InferenceExecutor executor;

    @BeforeAll
    static void open() {
        runtime = OnnxRuntime.open(THREADS);
        executor = new InferenceExecutor(1, 4);
    }

    @AfterAll
    static void close() {
        executor.close();
        runtime.close();
    }

    private static LanguageModel load(Path folder, Precision precision) throws IOException {
        return new ModelLoader(runtime, THREADS, executor, DecoderDevice.CPU, cache)
                .load("tiny", ModelSource.of(folder), precision, new KvBudget(1 << 24));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama31", "mistral", "qwen2", "qwen3", "gemma3"})
    void givesTheLogitsHiddenStatesAndTextsOfTheReference(String family) throws IOException {
        NpzFile reference = new NpzFile(FOLDER.resolve(family).resolve("reference.npz"));
        try (LanguageModel model = load(FOLDER.resolve(family), Precision.FP32)) {
            int[] ids = reference.integers("ids");
            int length = ids.length / TEXTS;
            for (int text = 0; text < TEXTS; text++) {
                int[] tokens = Arrays.copyOfRange(ids, text * length, (text + 1) * length);
                for (int piece : new int[] {length, 7, 1}) {
                    assertEqual(model, tokens, piece, reference, text * length);
                }
            }
            int[] greedy = reference.integers("greedy");
            assertThat(GreedyText.of(model, Arrays.copyOf(greedy, PROMPT), length - PROMPT))
                    .startsWith(Arrays.copyOf(greedy, length));
        }
    }

    /** As a GPU has it, computed here: the nearest that 11 bits of a number come to the reference. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama31", "mistral", "qwen2", "qwen3"})
    void givesTheLogitsOfTheReferenceInHalves(String family) throws IOException {
        NpzFile reference = new NpzFile(FOLDER.resolve(family).resolve("reference.npz"));
        try (LanguageModel model = load(FOLDER.resolve(family), Precision.FP16)) {
            int[] ids = reference.integers("ids");
            assertNear(model, Arrays.copyOf(ids, ids.length / TEXTS), 5, reference, 0, HALF_TOLERANCE);
        }
    }

    @Test
    void refusesHalvesForActivationsThatLeaveTheirRange() {
        assertThatThrownBy(() -> load(FOLDER.resolve("gemma3"), Precision.FP16))
                .isInstanceOf(TernException.class)
                .hasMessage("precision: fp16 for a model of Gemma's kind, whose activations leave its range"
                        + " (expected: fp32, int8 or int4)");
    }

    /** GGUF files of mistral models say nothing of their windows. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama31", "qwen2", "qwen3", "gemma3"})
    void givesTheSameFromAGgufFile(String family) throws IOException {
        Path gguf = GgufCopy.of(FOLDER.resolve(family), cache.resolve(family + ".gguf"));
        NpzFile reference = new NpzFile(FOLDER.resolve(family).resolve("reference.npz"));
        try (LanguageModel model = load(gguf, Precision.FP32)) {
            int[] ids = reference.integers("ids");
            assertEqual(model, Arrays.copyOf(ids, ids.length / TEXTS), 5, reference, 0);
        }
    }

    @Test
    void readsAModelThatIsCutIntoFiles() throws IOException {
        Path whole = FOLDER.resolve("qwen2");
        Path parts = Files.createDirectory(cache.resolve("parts"));
        Files.copy(whole.resolve("config.json"), parts.resolve("config.json"));
        SafetensorsWriter[] writers = {new SafetensorsWriter(), new SafetensorsWriter()};
        StringJoiner index = new StringJoiner(",", "{\"weight_map\":{", "}}");
        try (SafetensorsFolder weights = SafetensorsFolder.open(whole)) {
            weights.tensors().forEach((name, tensor) -> {
                int part = name.length() % 2;
                float[] values = new float[(int) tensor.shape().size()];
                float[] row = new float[tensor.columns()];
                for (int i = 0; i < tensor.rows(); i++) {
                    tensor.dequantizeRow(i, row);
                    System.arraycopy(row, 0, values, i * row.length, row.length);
                }
                writers[part].tensor(name, NumberType.F32, tensor.shape().toArray(), values);
                index.add("\"%s\":\"part-%d.safetensors\"".formatted(name, part));
            });
        }
        for (int part = 0; part < writers.length; part++) {
            writers[part].writeTo(parts.resolve("part-" + part + ".safetensors"));
        }
        Files.writeString(parts.resolve("model.safetensors.index.json"), index.toString());
        ConversionCache conversions = new ConversionCache(cache);
        assertThat(conversions.convert(ModelSource.of(parts), Precision.FP32).folder())
                .isNotEqualTo(conversions
                        .convert(ModelSource.of(whole), Precision.FP32)
                        .folder());
        assertThat(conversions
                        .convert(ModelSource.of(parts), Precision.FP32)
                        .folder()
                        .resolve(ConvertedModel.WEIGHT_FILE))
                .hasSameBinaryContentAs(conversions
                        .convert(ModelSource.of(whole), Precision.FP32)
                        .folder()
                        .resolve(ConvertedModel.WEIGHT_FILE));
        Files.delete(parts.resolve("part-1.safetensors"));
        assertThatThrownBy(() -> ModelSource.of(parts))
                .isInstanceOf(TernException.class)
                .hasMessageContaining("part-1.safetensors is missing");
    }

    @Test
    void refusesAConfigurationThatWouldBeAnotherNetwork() throws IOException {
        Path changed = Files.createDirectory(cache.resolve("changed"));
        Files.copy(FOLDER.resolve("llama/model.safetensors"), changed.resolve("model.safetensors"));
        String config = Files.readString(FOLDER.resolve("llama/config.json"));
        List<List<String>> refusals = List.of(
                List.of("\"model_type\": \"llama\"", "\"model_type\": \"mamba\"", "model_type: mamba"),
                List.of(
                        "\"rope_type\": \"default\"",
                        "\"rope_type\": \"mrope\"",
                        "rope_type: mrope (expected: default, dynamic, linear, llama3, longrope or yarn)"),
                List.of("\"hidden_act\": \"silu\"", "\"hidden_act\": \"mish\"", "hidden_act: mish (expected: silu"),
                List.of("\"hidden_size\": 64", "\"hidden_size\": 128", "model.embed_tokens.weight: [320, 64]"),
                List.of("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2", "safetensors tensor model.layers.2"),
                List.of("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4", "model.layers.3"),
                List.of("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3", "heads / keyValueHeads: 4 / 3"),
                List.of("\"mlp_bias\": false", "\"quantization_config\": {}", "quantization_config"),
                List.of("\"mlp_bias\": false", "\"final_logit_softcapping\": 30.0", "final_logit_softcapping: 30.0"),
                List.of("\"mlp_bias\": false", "\"partial_rotary_factor\": 0.5", "partial_rotary_factor: 0.5"),
                List.of("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false", "lm_head.weight: absent"),
                List.of("\"vocab_size\": 320", "\"vocab_size\": -1", "vocab_size: -1"));
        for (List<String> refusal : refusals) {
            assertThat(config).contains(refusal.get(0));
            Files.writeString(changed.resolve("config.json"), config.replace(refusal.get(0), refusal.get(1)));
            assertThatThrownBy(() -> load(changed, Precision.FP32))
                    .isInstanceOf(TernException.class)
                    .hasMessageContaining(refusal.get(2));
        }
    }

    private static void assertEqual(LanguageModel model, int[] tokens, int piece, NpzFile reference, int firstRow)
            throws IOException {
        assertNear(model, tokens, piece, reference, firstRow, 2e-5f);
    }

    /** @param tolerance of a number, relative where it is greater than 1 */
    private static void assertNear(
            LanguageModel model, int[] tokens, int piece, NpzFile reference, int firstRow, float tolerance)
            throws IOException {
        float[] logits = reference.floats("logits");
        float[] hidden = reference.floats("last_hidden");
        try (KvCache cache = model.newCache(tokens.length)) {
            while (cache.length() < tokens.length) {
                int begin = cache.length();
                int count = Math.min(piece, tokens.length - begin);
                StepOutput output = model.forward(
                        cache,
                        TokenTree.chain(Arrays.copyOfRange(tokens, begin, begin + count)),
                        count,
                        Cancellation.none());
                for (int row = 0; row < count; row++) {
                    float[] found = new float[output.logits().vocabularySize()];
                    output.logits().copyRow(row, found);
                    assertNear(found, logits, firstRow + begin + row, tolerance);
                    float[] state = new float[output.hidden().width()];
                    output.hidden().copyRow(row, state);
                    assertNear(state, hidden, firstRow + begin + row, tolerance);
                }
                cache.commit(count);
            }
        }
    }

    private static void assertNear(float[] found, float[] expected, int row, float tolerance) {
        for (int i = 0; i < found.length; i++) {
            float wanted = expected[row * found.length + i];
            assertThat(Math.abs(found[i] - wanted))
                    .as("row %d, column %d: %s against %s", row, i, found[i], wanted)
                    .isLessThan(tolerance * Math.max(1, Math.abs(wanted)));
        }
    }
}
