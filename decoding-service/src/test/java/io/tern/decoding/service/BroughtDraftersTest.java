package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.decoding.DecodingRequest;
import io.tern.decoding.DecodingStats;
import io.tern.decoding.Recording;
import io.tern.decoding.Speculation;
import io.tern.decoding.convert.ConversionCache;
import io.tern.decoding.convert.PrecisionChoice;
import io.tern.decoding.convert.TinyLlama;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.head.HeadLoader;
import io.tern.decoding.model.DecoderDevice;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import io.tern.decoding.model.ModelLoader;
import io.tern.decoding.model.SmolLm;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.TypicalThreshold;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.serving.BroughtModel;
import io.tern.serving.LoadedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What drafts for a model that somebody brings: another model, and heads in its folder. Tiny checkpoints of random weights. */
@Timeout(120)
class BroughtDraftersTest {
    private static final Path GOLDEN = Path.of(System.getProperty("tern.root")).resolve("models/golden/decoding");
    private static final Path LLAMA = GOLDEN.resolve("families/llama");
    private static final int VOCABULARY = 320;
    private static final int WIDTH = 64;
    private static final int TOKENS = 32;
    private static final List<Integer> PROMPT = List.of(1, 40, 77, 101, 12, 40, 77);

    @TempDir
    private static Path folder;

    private static OnnxRuntime runtime;
    private static InferenceExecutor executor;

    @BeforeAll
    static void open() {
        runtime = OnnxRuntime.open(SmolLm.THREADS);
        executor = new InferenceExecutor(1, 8);
    }

    @AfterAll
    static void close() {
        executor.close();
        runtime.close();
    }

    private static LoadedModel<TextModel> load(KvCacheType kvCache, Path path, @Nullable Path draft) {
        KvBudget budget = new KvBudget(1 << 24);
        Path cache = folder.resolve("cache");
        ModelLoader loader = new ModelLoader(runtime, SmolLm.THREADS, executor, DecoderDevice.CPU, cache);
        HeadLoader heads = new HeadLoader(runtime, executor, new ConversionCache(cache));
        DrafterOpener drafters = new DrafterOpener(loader, heads, budget, folder.resolve("none"));
        return new TextModelOpener(loader, drafters, PrecisionChoice.of("int8"), kvCache, budget)
                .open(new BroughtModel("mine", path, "", "", draft));
    }

    private static LoadedModel<TextModel> load(Path path, @Nullable Path draft) {
        return load(KvCacheType.FULL, path, draft);
    }

    private static Path copy(String name, double noise, int vocabulary) throws IOException {
        return new FolderCopy(LLAMA, noise, vocabulary).to(folder.resolve(name));
    }

    /** What a drafter has done in chains and trees, each of which has to leave the text as it is. */
    private static DecodingStats[] leavesTheTextAsItIs(TextModel model, DrafterKind kind, List<Integer> prompt) {
        Assumptions.assumeTrue(
                model.model().info().bitExact(), "this machine's kernels give other bits for other lengths");
        Recording plain = record(model, prompt, Speculation.off());
        assertThat(plain.ids()).hasSize(TOKENS);
        DecodingStats[] stats = new DecodingStats[2];
        for (boolean tree : new boolean[] {false, true}) {
            Recording drafted = record(
                    model,
                    prompt,
                    new Speculation(kind, tree ? 12 : 3, tree, true, AcceptanceKind.GREEDY, TypicalThreshold.DEFAULT));
            assertThat(drafted.ids()).as("%s, tree %s", kind, tree).isEqualTo(plain.ids());
            stats[tree ? 1 : 0] = drafted.finished().stats();
        }
        return stats;
    }

    private static Recording record(TextModel model, List<Integer> prompt, Speculation speculation) {
        DecodingRequest request = new DecodingRequest(
                prompt, TOKENS, SamplingParameters.greedy(), List.of(), true, speculation, OptionalInt.empty(), false);
        return Recording.of(model.model(), model.tokenizer(), model.drafters(), request);
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatDraftsForItselfIsRightEachTime(KvCacheType kvCache) {
        LoadedModel<TextModel> loaded = load(kvCache, LLAMA, LLAMA);
        try {
            assertThat(loaded.description().getDraftersList())
                    .containsExactly("auto", "none", "ngram", "retrieval", "draft-model", "early-exit");
            for (DecodingStats stats : leavesTheTextAsItIs(loaded.model(), DrafterKind.DRAFT_MODEL, PROMPT)) {
                assertThat(stats.acceptedPerPosition().getFirst())
                        .as("first places that stand in %s steps", stats.steps())
                        .isGreaterThanOrEqualTo(stats.steps() - 2);
            }
        } finally {
            loaded.close().run();
        }
    }

    /** Weights with some noise, a vocabulary that is filled up; what fills it up would be the likeliest tokens. */
    @Test
    void anotherModelIsRightNowAndThen() throws IOException {
        LoadedModel<TextModel> loaded = load(LLAMA, copy("noisy", 0.02, VOCABULARY + 32));
        try {
            for (DecodingStats stats : leavesTheTextAsItIs(loaded.model(), DrafterKind.DRAFT_MODEL, PROMPT)) {
                assertThat(stats.acceptedTokens()).isPositive().isLessThan(stats.draftedTokens());
            }
            leavesTheTextAsItIs(loaded.model(), DrafterKind.AUTO, PROMPT);
        } finally {
            loaded.close().run();
        }
    }

    @Test
    void draftsNothingBehindATokenThatTheDraftModelDoesNotKnow() throws IOException {
        LoadedModel<TextModel> loaded = load(LLAMA, copy("short", 0, VOCABULARY - 20));
        try {
            List<Integer> strange = List.of(1, 40, VOCABULARY - 1, 101, 12);
            for (DecodingStats stats : leavesTheTextAsItIs(loaded.model(), DrafterKind.DRAFT_MODEL, strange)) {
                assertThat(stats.draftedTokens()).isZero();
            }
        } finally {
            loaded.close().run();
        }
    }

    @Test
    void draftsForAModelThatIsFilledUp() throws IOException {
        LoadedModel<TextModel> loaded = load(copy("filled", 0, VOCABULARY + 32), LLAMA);
        try {
            var _ = leavesTheTextAsItIs(loaded.model(), DrafterKind.DRAFT_MODEL, PROMPT);
        } finally {
            loaded.close().run();
        }
    }

    /** Such a graph verifies chains. */
    @Test
    void draftsForAGraphThatAnotherToolHasExported() {
        LoadedModel<TextModel> loaded = load(GOLDEN.resolve("exported/genai"), LLAMA);
        try {
            assertThat(loaded.description().getDraftersList())
                    .containsExactly("auto", "none", "ngram", "retrieval", "draft-model");
            Recording plain = record(loaded.model(), PROMPT, Speculation.off());
            Recording drafted = record(
                    loaded.model(),
                    PROMPT,
                    new Speculation(
                            DrafterKind.DRAFT_MODEL, 3, false, true, AcceptanceKind.GREEDY, TypicalThreshold.DEFAULT));
            assertThat(drafted.ids()).isEqualTo(plain.ids());
            assertThat(drafted.finished().stats().draftedTokens()).isPositive();
        } finally {
            loaded.close().run();
        }
    }

    @Test
    void refusesADraftModelWithOtherTokens() throws IOException {
        Path other = copy("other", 0, VOCABULARY);
        Path tokenizer = other.resolve("tokenizer.json");
        String file = Files.readString(tokenizer);
        Files.writeString(tokenizer, file.replace("\"<x313>\"", "\"<y>\"").replace("\"<x317>\"", "\"<z>\""));
        assertRefused(
                LLAMA,
                other,
                "draft model: token 313: \"<y>\" (expected: \"<x313>\", as in the model that it drafts for)");
        Files.delete(tokenizer);
        load(LLAMA, other).close().run();
        Path longer = copy("longer", 0, VOCABULARY + 32);
        Files.delete(longer.resolve("tokenizer.json"));
        assertRefused(
                LLAMA,
                longer,
                "draft model: vocabulary: 352 tokens (expected: 320, as there is no tokenizer to compare them by)");
    }

    @Test
    void refusesWhatIsNoDraftModel() throws IOException {
        Path none = folder.resolve("nothing");
        assertRefused(LLAMA, none, "draft: " + none + " (expected: a GGUF file or a folder that can be read)");
        Path mamba = copy("mamba", 0, VOCABULARY);
        Path config = mamba.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"model_type\": \"llama\"", "\"model_type\": \"mamba\""));
        assertRefused(LLAMA, mamba, "draft model: config.json model_type: mamba");
    }

    @Test
    void takesUpTheHeadsThatLieInItsFolder() throws IOException {
        Path model = copy("heads", 0, VOCABULARY);
        TinyHeads heads = new TinyHeads(WIDTH, 3);
        heads.medusa(model.resolve("medusa.safetensors"));
        heads.eagle(model.resolve("eagle.safetensors"));
        heads.mtp(model.resolve("mtp.safetensors"));
        LoadedModel<TextModel> loaded = load(model, null);
        try {
            assertThat(loaded.description().getDraftersList())
                    .containsExactly("auto", "none", "ngram", "retrieval", "early-exit", "medusa", "mtp", "eagle");
            for (DrafterKind kind : List.of(DrafterKind.MEDUSA, DrafterKind.MTP, DrafterKind.EAGLE)) {
                for (DecodingStats stats : leavesTheTextAsItIs(loaded.model(), kind, PROMPT)) {
                    assertThat(stats.draftedTokens()).as("%s", kind).isPositive();
                }
            }
        } finally {
            loaded.close().run();
        }
    }

    @Test
    void refusesHeadsOfAnotherModel() throws IOException {
        Path model = copy("strange", 0, VOCABULARY);
        new TinyHeads(2 * WIDTH, 3).mtp(model.resolve("mtp.safetensors"));
        assertRefused(model, null, "mtp.safetensors: safetensors tensor 0.nh.weight: [128] (expected: [64])");
        Files.delete(model.resolve("mtp.safetensors"));
        new TinyHeads(2 * WIDTH, 3).medusa(model.resolve("medusa.safetensors"));
        assertRefused(
                model, null, "medusa.safetensors: safetensors tensor head.0.weight: [128, 128] (expected: [64, 64])");
        new TinyHeads(WIDTH, VOCABULARY - 10).medusa(model.resolve("medusa.safetensors"));
        assertRefused(model, null, "medusa.safetensors: draft_vocab: 320 (expected: ascending ids 0..319)");
        Files.delete(model.resolve("medusa.safetensors"));
        new TinyHeads(WIDTH, 3).medusa(model.resolve("eagle.safetensors"));
        assertRefused(model, null, "eagle.safetensors: safetensors tensor");
    }

    private static void assertRefused(Path model, @Nullable Path draft, String refusal) {
        assertThatThrownBy(() -> load(model, draft))
                .isInstanceOf(TernException.class)
                .hasMessageContaining(refusal);
    }

    /** It reads token ids alone, and so does what finds the steps of its keys and values. */
    @Test
    void keysAreKeptIn8BitsWithoutATokenizer() throws IOException {
        Path gguf = TinyLlama.tied(3).writeTo(folder.resolve("tiny.gguf"));
        int[] text =
                IntStream.range(0, 40).map(i -> i * 7 % TinyLlama.VOCABULARY).toArray();
        LoadedModel<TextModel> full = load(KvCacheType.FULL, gguf, null);
        LoadedModel<TextModel> small = load(KvCacheType.INT8, gguf, gguf);
        try {
            assertThat(small.description().getKvCache()).isEqualTo("int8");
            assertThat(cosine(
                            logits(full.model().model(), text),
                            logits(small.model().model(), text)))
                    .isBetween(0.99, 0.999999);
            var _ = leavesTheTextAsItIs(small.model(), DrafterKind.DRAFT_MODEL, List.of(1, 2, 3));
        } finally {
            full.close().run();
            small.close().run();
        }
    }

    private static float[] logits(LanguageModel model, int[] text) {
        try (KvCache cache = model.newCache(text.length)) {
            Logits logits = model.forward(cache, text, 1, Cancellation.none());
            float[] row = new float[logits.vocabularySize()];
            logits.copyRow(0, row);
            return row;
        }
    }

    private static double cosine(float[] one, float[] other) {
        double product = 0;
        double squares = 0;
        double otherSquares = 0;
        for (int i = 0; i < one.length; i++) {
            product += one[i] * other[i];
            squares += one[i] * one[i];
            otherSquares += other[i] * other[i];
        }
        return product / Math.sqrt(squares * otherSquares);
    }
}
