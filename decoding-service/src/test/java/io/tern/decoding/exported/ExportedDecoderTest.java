package io.tern.decoding.exported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.DecodingRequest;
import io.tern.decoding.DecodingStats;
import io.tern.decoding.Recording;
import io.tern.decoding.Speculation;
import io.tern.decoding.convert.GreedyText;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.DraftContext;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.model.DecoderDevice;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.Logits;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.model.ModelLoader;
import io.tern.decoding.model.OnnxLanguageModel;
import io.tern.decoding.model.SmolLm;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.tokenizer.ModelText;
import io.tern.decoding.tree.TokenTree;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.TypicalThreshold;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One tiny llama as optimum, transformers.js and onnxruntime-genai have it, against what their own libraries compute. */
@Timeout(60)
class ExportedDecoderTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("tern.root")).resolve("models/golden/decoding/exported");
    private static final int PROMPT = 8;
    private static final int TOKENS = 60;
    private static final int VOCABULARY = 320;
    /** Keys and values of a token: 2 layers of 2 heads of 16 numbers. */
    private static final long TOKEN_BYTES = 2L * 2 * 2 * 16 * Float.BYTES;

    private static final Map<String, OnnxLanguageModel> MODELS = new HashMap<>();

    @TempDir
    private static Path temporary;

    private static OnnxRuntime runtime;
    private static InferenceExecutor executor;

    @BeforeAll
    static void open() throws IOException {
        runtime = OnnxRuntime.open(SmolLm.THREADS);
        executor = new InferenceExecutor(1, 16);
        for (String name : List.of("optimum", "genai", "genai-fp16", "genai-int4")) {
            MODELS.put(name, load(FOLDER.resolve(name)));
        }
        MODELS.put("web", load(FOLDER.resolve("web")));
        for (String precision : List.of("fp16", "int8", "int4")) {
            MODELS.put("web-" + precision, load(FOLDER.resolve("web"), precision));
        }
    }

    private static OnnxLanguageModel load(Path folder) throws IOException {
        return load(folder, "");
    }

    private static OnnxLanguageModel load(Path folder, String precision) throws IOException {
        return new ModelLoader(runtime, SmolLm.THREADS, executor, DecoderDevice.CPU, temporary.resolve("cache"))
                .load("tiny", find(folder, precision).orElseThrow(), new KvBudget(1 << 20));
    }

    private static Optional<ExportedDecoder> find(Path folder, String precision) throws IOException {
        return ExportedDecoder.find(folder, precision);
    }

    @AfterAll
    static void close() {
        MODELS.values().forEach(OnnxLanguageModel::close);
        executor.close();
        runtime.close();
    }

    private static OnnxLanguageModel model(String name) {
        return Objects.requireNonNull(MODELS.get(name));
    }

    /** The one of transformers.js has several graphs. */
    private static Path folder(String name) {
        return FOLDER.resolve(name.startsWith("web") ? "web" : name);
    }

    private static JsonNode reference(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(folder(name).resolve("reference.json")));
    }

    private static int[] integers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({"optimum, fp32", "web, fp32", "genai, fp32", "genai-fp16, fp16", "genai-int4, int4"})
    void writesWhatTheReferenceWritesAndSaysWhatItIs(String name, String precision) throws IOException {
        int[] greedy = integers(reference(name).get("greedy"));
        assertThat(GreedyText.of(model(name), Arrays.copyOf(greedy, PROMPT), greedy.length - PROMPT))
                .isEqualTo(greedy);
        ModelInfo info = model(name).info();
        assertThat(info.precision()).isEqualTo(precision);
        assertThat(info.vocabularySize()).isEqualTo(VOCABULARY);
        assertThat(info.endTokens()).containsExactly(2);
        assertThat(info.contextLength()).isEqualTo(256 - 15);
        assertThat(info.trees()).isFalse();
        assertThat(info.sha256()).hasSize(64);
    }

    @ParameterizedTest
    @CsvSource({"optimum, 1e-4", "web, 1e-4", "web-fp16, 3e-2", "genai, 1e-4", "genai-fp16, 3e-2"})
    void givesTheLogitsOfTheReferenceHoweverAPromptIsCut(String name, float tolerance) throws IOException {
        JsonNode reference = reference(name);
        int[] ids = integers(reference.get("ids"));
        for (int piece : new int[] {ids.length, 7, 1}) {
            float[][] found = logits(model(name), ids, piece);
            for (int i = 0; i < reference.get("rows").size(); i++) {
                float[] row = found[reference.get("rows").get(i).asInt()];
                for (int token = 0; token < VOCABULARY; token++) {
                    float expected = reference.get("logits").get(i).get(token).floatValue();
                    assertThat(Math.abs(row[token] - expected))
                            .as("pieces of %d, row %d, token %d: %s, %s", piece, i, token, row[token], expected)
                            .isLessThan(tolerance * Math.max(1, Math.abs(expected)));
                }
            }
        }
    }

    private static float[][] logits(OnnxLanguageModel model, int[] ids, int piece) {
        float[][] rows = new float[ids.length][VOCABULARY];
        try (KvCache cache = model.newCache(ids.length)) {
            while (cache.length() < ids.length) {
                int begin = cache.length();
                int count = Math.min(piece, ids.length - begin);
                Logits logits =
                        model.forward(cache, Arrays.copyOfRange(ids, begin, begin + count), count, Cancellation.none());
                for (int row = 0; row < count; row++) {
                    logits.copyRow(row, rows[begin + row]);
                }
                cache.commit(count);
            }
        }
        return rows;
    }

    /** Rounded weights make other texts, of logits that are much the same. */
    @ParameterizedTest
    @CsvSource({"web-fp16, fp16", "web-int8, int8", "web-int4, int4"})
    void servesTheGraphOfThePrecisionThatIsAskedFor(String name, String precision) throws IOException {
        assertThat(model(name).info().precision()).isEqualTo(precision);
        int[] ids = integers(reference(name).get("ids"));
        float[] found = logits(model(name), ids, ids.length)[ids.length - 1];
        float[] exact = logits(model("web"), ids, ids.length)[ids.length - 1];
        assertThat(cosine(found, exact)).isBetween(0.9, 0.9999999);
    }

    private static double cosine(float[] one, float[] other) {
        double product = 0;
        double ones = 0;
        double others = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            ones += (double) one[i] * one[i];
            others += (double) other[i] * other[i];
        }
        return product / Math.sqrt(ones * others);
    }

    /** What was drafted and did not stand must not be seen by what comes after it. */
    @ParameterizedTest
    @ValueSource(strings = {"optimum", "web", "genai", "genai-int4"})
    void forgetsWhatIsNotKept(String name) throws IOException {
        int[] greedy = integers(reference(name).get("greedy"));
        try (KvCache cache = model(name).newCache(greedy.length + 8)) {
            model(name).forward(cache, new int[] {9, 8, 7}, 0, Cancellation.none());
            cache.commit(3);
            cache.truncate(0);
            for (int at = 0; at + 1 < greedy.length; at++) {
                int[] run = {greedy[at], (greedy[at + 1] + 1) % VOCABULARY, 5, 6};
                Logits logits = model(name).forward(cache, run, run.length, Cancellation.none());
                if (at >= PROMPT - 1) {
                    assertThat(logits.argMax(0)).as("place " + at).isEqualTo(greedy[at + 1]);
                }
                cache.commit(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimum", "web", "genai", "genai-int4"})
    void draftsLeaveGreedyAndDrawnTextsAsTheyAre(String name) throws IOException {
        OnnxLanguageModel model = model(name);
        for (SamplingParameters sampling : List.of(SamplingParameters.greedy(), SamplingParameters.plain(3))) {
            Recording plain = record(name, sampling, Speculation.off(), Drafters.lookups());
            assertThat(plain.ids()).hasSize(TOKENS);
            Drafters drafters = Drafters.lookups()
                    .withAuto(model)
                    .with(DrafterKind.MEDUSA, _ -> context -> halfRight(context, plain.ids()));
            for (DrafterKind kind : List.of(DrafterKind.NGRAM, DrafterKind.AUTO, DrafterKind.MEDUSA)) {
                Recording drafted = record(name, sampling, Speculation.chain(kind, 4), drafters);
                assertThat(drafted.ids()).as(kind + " " + sampling).isEqualTo(plain.ids());
                if (kind == DrafterKind.MEDUSA) {
                    DecodingStats stats = drafted.finished().stats();
                    assertThat(stats.acceptedTokens()).isBetween(10, stats.draftedTokens() - 10);
                }
            }
        }
        assertThat(model.budget().usedBytes()).isZero();
    }

    /** What is known to follow, with every third token another. */
    private static Draft halfRight(DraftContext context, List<Integer> known) {
        int written = context.tokens().length() - PROMPT;
        int[] draft = new int[Math.min(context.maxDepth(), known.size() - written)];
        Arrays.setAll(draft, i -> (known.get(written + i) + ((written + i) % 3 == 0 ? 1 : 0)) % VOCABULARY);
        return Draft.of(draft);
    }

    private static Recording record(
            String name, SamplingParameters sampling, Speculation speculation, Drafters drafters) throws IOException {
        List<Integer> prompt = Arrays.stream(integers(reference(name).get("greedy")))
                .boxed()
                .limit(PROMPT)
                .toList();
        DecodingRequest request =
                new DecodingRequest(prompt, TOKENS, sampling, List.of(), true, speculation, OptionalInt.empty(), false);
        return Recording.of(model(name), tokenizer(name), drafters, request);
    }

    private static Tokenizer tokenizer(String name) throws IOException {
        return ModelText.read(find(folder(name), "").orElseThrow().source()).tokenizer();
    }

    @Test
    void refusesTreesBeforeAnythingRuns() {
        Speculation tree =
                new Speculation(DrafterKind.RETRIEVAL, 8, true, true, AcceptanceKind.GREEDY, TypicalThreshold.DEFAULT);
        DecodingRequest request = new DecodingRequest(
                List.of(5, 6), 4, SamplingParameters.greedy(), List.of(), true, tree, OptionalInt.empty(), false);
        assertThatThrownBy(() -> request.checkAgainst(model("genai").info()))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo("speculation.tree"));
        try (KvCache cache = model("genai").newCache(20)) {
            TokenTree branches = TokenTree.of(new int[] {1, 2, 3}, new int[] {TokenTree.ROOT, 0, 0});
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model("genai").forward(cache, branches, 1, Cancellation.none()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimum", "genai-int4"})
    void textsThatAreWrittenAtOnceAreThoseThatAreWrittenAlone(String name) throws Exception {
        int[] greedy = integers(reference(name).get("greedy"));
        int[] other = GreedyText.of(model(name), new int[] {40, 41, 42}, 30);
        List<int[]> prompts = List.of(Arrays.copyOf(greedy, PROMPT), new int[] {40, 41, 42});
        int[][] found = new int[2][];
        Thread[] threads = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int text = i;
            int count = (text == 0 ? greedy : other).length - prompts.get(text).length;
            threads[i] =
                    Thread.startVirtualThread(() -> found[text] = GreedyText.of(model(name), prompts.get(text), count));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(found[0]).isEqualTo(greedy);
        assertThat(found[1]).isEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimum", "genai"})
    void stopsWhenItIsCancelledAndGoesOnAfterwards(String name) throws IOException {
        int[] greedy = integers(reference(name).get("greedy"));
        try (KvCache cache = model(name).newCache(greedy.length)) {
            int[] prompt = Arrays.copyOf(greedy, PROMPT);
            Cancellation cancelled = new Cancellation();
            cancelled.cancel();
            assertThatThrownBy(() -> model(name).forward(cache, prompt, 1, cancelled))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
            assertThat(model(name)
                            .forward(cache, prompt, 1, Cancellation.none())
                            .argMax(0))
                    .isEqualTo(greedy[PROMPT]);
        }
    }

    /** Past and present in one memory, or one of each. */
    @ParameterizedTest
    @CsvSource({"genai, 1", "optimum, 2"})
    void takesMemoryFromTheBudgetAndGivesItBack(String name, int buffers) {
        KvBudget budget = model(name).budget();
        try (KvCache _ = model(name).newCache(60)) {
            assertThat(budget.usedBytes()).isBetween(buffers * 60 * TOKEN_BYTES, buffers * 128 * TOKEN_BYTES);
        }
        assertThat(budget.usedBytes()).isZero();
        assertThatThrownBy(() -> model(name).newCache(257))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"context_length\": 256 | \"context_length\": 0 | model.context_length: 0 (expected: 64..16777216)",
                "\"context_length\": 256 | \"context_length\": 99999999999 | model.context_length: 99999999999",
                "\"head_size\": 16 | \"head_size\": -1 | model.decoder.head_size: -1 (expected: 1..1024)",
                "\"head_size\": 16 | \"head_size\": 32 | a graph that failed",
                "\"num_key_value_heads\": 2 | \"num_key_value_heads\": 4 | key-value heads 4 (expected: 2, as the graph",
                "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 3 | layers 3 (expected: 2",
                "\"num_hidden_layers\": 2 | \"num_hidden_layers\": \"2\" | model.decoder.num_hidden_layers",
                "\"filename\": \"model.onnx\" | \"filename\": \"../model.onnx\" | model.decoder.filename",
                "\"filename\": \"model.onnx\" | \"filename\": \"other.onnx\" | other.onnx, which is missing",
                "past_key_values.%d.key | past_key_values.key | past_key_names: past_key_values.key",
                "past_key_values.%d.key | past.%d.key | a graph with input past_key_values.0.key",
                "\"present.%d.value\" | \"new.%d.value\" | new.0.value among them",
                "\"input_ids\": \"input_ids\" | \"input_ids\": \"inputs_embeds\" | a graph with input input_ids",
                "\"logits\": \"logits\" | \"logits\": \"scores\" | scores among them",
                "\"decoder\": { | \"vision\": {}, \"decoder\": { | model.vision: present",
                "\"decoder\": { | \"decoder\": { \"pipeline\": [], | model.decoder.pipeline: present",
                "\"decoder\": { | \"decoder\": { \"sliding_window\": {\"window_size\": 8}, | slide_key_value_cache",
                "\"eos_token_id\": 2 | \"eos_token_id\": 320 | eos_token_id: 320 (expected: 0..319)",
            })
    void refusesAConfigurationThatDoesNotFitTheGraph(String said, String instead, String refusal) throws IOException {
        Path changed = copy("genai");
        Path config = changed.resolve("genai_config.json");
        String text = Files.readString(config);
        assertThat(text).contains(said);
        Files.writeString(config, text.replace(said, instead));
        assertRefused(changed, refusal);
    }

    @Test
    void refusesFilesThatAreMissingOrBroken() throws IOException {
        Path noData = copy("genai");
        Files.delete(noData.resolve("model.onnx.data"));
        assertRefused(noData, "external data in 'model.onnx.data', which is missing");
        Path shortData = copy("genai");
        Files.write(shortData.resolve("model.onnx.data"), new byte[100]);
        assertRefused(shortData, "in a file of 100 bytes");
        Path noGraph = copy("optimum");
        Files.write(noGraph.resolve("model.onnx"), new byte[] {(byte) 0xff, 1, 2});
        assertRefused(noGraph, "model file");
        Path noConfig = copy("optimum");
        Files.delete(noConfig.resolve("config.json"));
        assertRefused(noConfig, "config.json: absent");
        Path noContext = copy("optimum");
        Files.writeString(noContext.resolve("config.json"), "{}");
        assertRefused(noContext, "config.json: without a longest text");
    }

    @Test
    void leavesCheckpointsAndOtherFoldersToOthers() throws IOException {
        Path checkpoint = copy("optimum");
        Files.write(checkpoint.resolve("model.safetensors"), new byte[8]);
        assertThat(find(checkpoint, "")).isEmpty();
        assertThat(find(Files.createTempDirectory(temporary, "empty"), "")).isEmpty();
        Path inside = copy("optimum");
        Files.createDirectory(inside.resolve("onnx"));
        Files.move(inside.resolve("model.onnx"), inside.resolve("onnx/model.onnx"));
        assertThat(find(inside, "").orElseThrow().graph()).isEqualTo(inside.resolve("onnx/model.onnx"));
    }

    /** As optimum leaves them side by side: the one that takes a past serves beginnings, too. */
    @Test
    void servesTheGraphWithAPastOfAPair() throws IOException {
        Path pair = copy("web");
        Files.createDirectory(pair.resolve("onnx"));
        Files.copy(FOLDER.resolve("optimum/model.onnx"), pair.resolve("onnx/decoder_with_past_model.onnx"));
        Files.write(pair.resolve("onnx/decoder_model.onnx"), new byte[8]);
        int[] greedy = integers(reference("web").get("greedy"));
        try (OnnxLanguageModel model = load(pair)) {
            assertThat(GreedyText.of(model, Arrays.copyOf(greedy, PROMPT), greedy.length - PROMPT))
                    .isEqualTo(greedy);
        }
    }

    @Test
    void refusesAPrecisionThatNoGraphHas() throws IOException {
        assertRefused(
                FOLDER.resolve("web"), "int3", "precision: int3 (expected: fp32, in which the graph was exported)");
        assertRefused(FOLDER.resolve("genai"), "int8", "precision: int8 (expected: fp32");
        Path several = copy("web");
        Files.createDirectory(several.resolve("onnx"));
        for (String graph : List.of("onnx/model_q4.onnx", "onnx/model_fp16.onnx")) {
            Files.copy(FOLDER.resolve("web").resolve(graph), several.resolve(graph));
        }
        assertRefused(several, "", "precision: not said for several graphs (expected: one of [fp16, int4])");
    }

    private static void assertRefused(Path folder, String refusal) {
        assertRefused(folder, "", refusal);
    }

    private static void assertRefused(Path folder, String precision, String refusal) {
        assertThatThrownBy(() -> load(folder, precision).close()).isInstanceOfSatisfying(TernException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e).hasMessageContaining(refusal);
        });
    }

    private static Path copy(String name) throws IOException {
        Path copy = Files.createTempDirectory(temporary, name);
        try (Stream<Path> files = Files.list(FOLDER.resolve(name))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }
}
