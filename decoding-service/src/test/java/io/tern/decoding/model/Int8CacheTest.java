package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.tokenizer.ModelText;
import io.tern.decoding.tree.TokenTree;
import io.tern.onnx.ExecutionProvider;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys and values of 8 bits: what they cost in perplexity, and that results still have the same bits whatever the cut. */
@ExtendWith(SmolLm.Provider.class)
class Int8CacheTest {
    private static final long BUDGET_BYTES = 1L << 28;
    private static final int PREFIX = 100;
    private static final int CONTINUATION = 24;

    private final Passage passage = Passage.read();
    private final List<OnnxLanguageModel> opened = new ArrayList<>();

    @AfterEach
    void closeModels() {
        opened.forEach(OnnxLanguageModel::close);
    }

    private OnnxLanguageModel load(SmolLm smolLm, Precision precision) throws IOException {
        OnnxLanguageModel model = smolLm.loader()
                .loadWithInt8Cache(
                        "smollm2",
                        smolLm.source(),
                        precision,
                        ModelText.read(smolLm.source()).tokenizer(),
                        new KvBudget(BUDGET_BYTES, BUDGET_BYTES));
        opened.add(model);
        return model;
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8", "INT4"})
    void takesAFourthOfTheMemoryAndLittlePerplexity(Precision precision, SmolLm smolLm) throws IOException {
        OnnxLanguageModel model = load(smolLm, precision);
        OnnxLanguageModel full = smolLm.model(precision);
        assertThat(model.layout().totalBytes(2048) * 4).isEqualTo(full.layout().totalBytes(2048));
        assertThat(model.info().kvCache()).isEqualTo("int8");
        assertThat(full.info().kvCache()).isEqualTo("float32");
        Passage.Score score = passage.score(model);
        assertThat(score.perplexity())
                .isCloseTo(passage.score(full).perplexity(), withinPercentage(1))
                .isNotEqualTo(passage.score(full).perplexity());
    }

    @Test
    void resultsHaveTheSameBitsHoweverCutAndInCompany(SmolLm smolLm) throws Exception {
        OnnxLanguageModel model = load(smolLm, Precision.INT8);
        assertThat(model.info().bitExact()).as("bit-exact on this machine").isTrue();
        float[][] reference = run(model, PREFIX, CONTINUATION);
        for (int[] cut : new int[][] {{37, 1}, {16, 5}, {64, 8}}) {
            assertThat(run(model, cut[0], cut[1]))
                    .as("%d, then %d", cut[0], cut[1])
                    .isDeepEqualTo(reference);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<float[][]>> together = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int step = 1 + i;
                together.add(threads.submit(() -> run(model, PREFIX, step)));
            }
            for (Future<float[][]> one : together) {
                assertThat(one.get()).isDeepEqualTo(reference);
            }
        }
    }

    /** A tree's first path is exact, and what it did not keep leaves no trace. */
    @Test
    void treesAndRecalledBeginningsLeaveNoTrace(SmolLm smolLm) throws IOException {
        OnnxLanguageModel model = load(smolLm, Precision.INT8);
        float[][] reference = run(model, PREFIX, CONTINUATION);
        int[] text = Arrays.copyOf(passage.ids(), PREFIX);
        try (KvCache cache = model.newCache(PREFIX + CONTINUATION + 8)) {
            model.forward(cache, text, 0, Cancellation.none());
            cache.commit(PREFIX);
            model.remember(cache, "somebody", text);
        }
        float[][] drafted = new float[CONTINUATION][];
        try (KvCache cache = model.newCache(PREFIX + CONTINUATION + 8)) {
            int recalled = model.recall(cache, "somebody", text);
            assertThat(recalled).isEqualTo(PREFIX / PrefixBlock.TOKENS * PrefixBlock.TOKENS);
            model.forward(cache, Arrays.copyOfRange(text, recalled, PREFIX), 0, Cancellation.none());
            cache.commit(PREFIX - recalled);
            for (int i = 0; i < CONTINUATION; i++) {
                int token = passage.ids()[PREFIX + i];
                TokenTree tree = TokenTree.of(new int[] {token, 11, 22, 33}, new int[] {TokenTree.ROOT, 0, 0, 2});
                drafted[i] = row(
                        model,
                        model.forward(cache, tree, tree.size(), Cancellation.none())
                                .logits(),
                        0);
                cache.keep(0);
            }
        }
        assertThat(drafted).isDeepEqualTo(reference);
    }

    @Test
    void isRefusedWhereKeysAndValuesAreADevices(SmolLm smolLm, @TempDir Path folder) throws IOException {
        DecoderDevice device = new DecoderDevice(new ExecutionProvider.Cpu(), true);
        try (OnnxRuntime runtime = OnnxRuntime.open(SmolLm.THREADS);
                InferenceExecutor executor = new InferenceExecutor(1, 1)) {
            ModelLoader loader = new ModelLoader(runtime, SmolLm.THREADS, executor, device, folder);
            assertThatThrownBy(() -> loader.loadWithInt8Cache(
                            "smollm2",
                            smolLm.source(),
                            Precision.INT8,
                            ModelText.read(smolLm.source()).tokenizer(),
                            new KvBudget(BUDGET_BYTES)))
                    .isInstanceOf(TernException.class)
                    .hasMessage("tern.decoding.kv-cache: int8 on cpu (expected: full)");
        }
    }

    /** Logits behind the prefix, which is run in such pieces, and then so many tokens at once. */
    private float[][] run(OnnxLanguageModel model, int piece, int step) {
        float[][] rows = new float[CONTINUATION][];
        try (KvCache cache = model.newCache(PREFIX + CONTINUATION)) {
            for (int from = 0; from < PREFIX; from += piece) {
                int to = Math.min(PREFIX, from + piece);
                model.forward(cache, Arrays.copyOfRange(passage.ids(), from, to), 0, Cancellation.none());
                cache.commit(to - from);
            }
            for (int from = 0; from < CONTINUATION; from += step) {
                int count = Math.min(step, CONTINUATION - from);
                int[] tokens = Arrays.copyOfRange(passage.ids(), PREFIX + from, PREFIX + from + count);
                Logits logits = model.forward(cache, tokens, count, Cancellation.none());
                for (int i = 0; i < count; i++) {
                    rows[from + i] = row(model, logits, i);
                }
                cache.commit(count);
            }
        }
        return rows;
    }

    private static float[] row(OnnxLanguageModel model, Logits logits, int index) {
        float[] row = new float[model.info().vocabularySize()];
        logits.copyRow(index, row);
        return row;
    }
}
