package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.TinyLlama;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxLanguageModelTest {
    private static final int[] PROMPT = {1, 2, 3, 4, 5, 6};
    /** One token: keys and values of all layers in float32. */
    private static final long TOKEN_BYTES =
            2L * TinyLlama.LAYERS * TinyLlama.KEY_VALUE_HEADS * TinyLlama.HEAD_SIZE * Float.BYTES;

    private static final long BUDGET_TOKENS = 256;

    @TempDir
    private static Path folder;

    private static OnnxRuntime runtime;
    private static InferenceExecutor executor;
    private static Path gguf;
    private static OnnxLanguageModel model;

    @BeforeAll
    static void load() throws IOException {
        runtime = OnnxRuntime.open(SmolLm.THREADS);
        executor = new InferenceExecutor(1, 8);
        gguf = TinyLlama.tied(1).writeTo(folder.resolve("tiny.gguf"));
        model = load(Precision.INT8);
    }

    private static OnnxLanguageModel load(Precision precision) throws IOException {
        return load(precision, BUDGET_TOKENS);
    }

    private static OnnxLanguageModel load(Precision precision, long budgetTokens) throws IOException {
        return new ModelLoader(runtime, SmolLm.THREADS, executor, DecoderDevice.CPU, folder.resolve("cache"))
                .load("tiny", ModelSource.of(gguf), precision, new KvBudget(budgetTokens * TOKEN_BYTES));
    }

    @AfterAll
    static void close() {
        model.close();
        executor.close();
        runtime.close();
    }

    @Test
    void saysWhatItIs() throws IOException {
        ModelInfo info = model.info();
        assertThat(info.id()).isEqualTo("tiny");
        assertThat(info.vocabularySize()).isEqualTo(TinyLlama.VOCABULARY);
        assertThat(info.contextLength()).isEqualTo(TinyLlama.CONTEXT);
        assertThat(info.endTokens()).containsExactly(TinyLlama.END_TOKEN);
        assertThat(info.precision()).isEqualTo("int8");
        assertThat(info.device()).isEqualTo("cpu");
        assertThat(info.sha256()).hasSize(64);
    }

    @Test
    void aSecondStartFindsTheConversionAndTheProbesResult() throws IOException {
        try (OnnxLanguageModel first = load(Precision.FP32)) {
            List<Path> files = filesOfTheCache();
            assertThat(files).anyMatch(file -> file.getFileName().toString().startsWith("exactness-"));
            long written =
                    files.stream().mapToLong(OnnxLanguageModelTest::modified).sum();
            try (OnnxLanguageModel second = load(Precision.FP32)) {
                assertThat(second.info()).isEqualTo(first.info());
                assertThat(second.minimumRows()).isEqualTo(first.minimumRows());
                assertThat(second.costs()).isPresent().isEqualTo(first.costs());
            }
            assertThat(filesOfTheCache().stream()
                            .mapToLong(OnnxLanguageModelTest::modified)
                            .sum())
                    .isEqualTo(written);
        }
    }

    @Test
    void keepsOnlyWhatIsCommitted() {
        try (KvCache cache = model.newCache(20)) {
            model.forward(cache, PROMPT, 1, Cancellation.none());
            assertThat(cache.length()).isZero();
            cache.commit(4);
            assertThat(cache.length()).isEqualTo(4);
            assertThatIllegalArgumentException().isThrownBy(() -> cache.commit(1));
            cache.truncate(2);
            assertThat(cache.length()).isEqualTo(2);
            assertThatIllegalArgumentException().isThrownBy(() -> cache.truncate(3));
        }
    }

    @Test
    void goesOnAfterTruncationAsIfNothingHadBeen() {
        try (KvCache cache = model.newCache(20);
                KvCache other = model.newCache(20)) {
            model.forward(cache, new int[] {1, 2, 3, 70, 71, 72}, 1, Cancellation.none());
            cache.commit(6);
            cache.truncate(3);
            float[] afterwards = row(model.forward(cache, new int[] {4, 5, 6}, 1, Cancellation.none()));
            assertThat(afterwards).isEqualTo(row(model.forward(other, PROMPT, 1, Cancellation.none())));
        }
    }

    @Test
    void tellsCachesApartByTheirBits() {
        int[] changed = PROMPT.clone();
        changed[3]++;
        try (OnnxKvCache one = model.openCache(20);
                OnnxKvCache other = model.openCache(20)) {
            model.forward(one, PROMPT, 0, Cancellation.none());
            model.forward(other, changed, 0, Cancellation.none());
            assertThat(one.sameBits(other, 3)).isTrue();
            assertThat(one.sameBits(other, 4)).isFalse();
        }
    }

    @Test
    void givesTheRowsThatAreAskedFor() {
        try (KvCache cache = model.newCache(20)) {
            Logits all = model.forward(cache, PROMPT, PROMPT.length, Cancellation.none());
            assertThat(all.rows()).isEqualTo(PROMPT.length);
            float[] last = new float[TinyLlama.VOCABULARY];
            all.copyRow(PROMPT.length - 1, last);
            assertThat(all.argMax(PROMPT.length - 1)).isEqualTo(indexOfGreatest(last));
            assertThat(all.get(PROMPT.length - 1, 9)).isEqualTo(last[9]);
            assertThat(row(model.forward(cache, PROMPT, 1, Cancellation.none())))
                    .isEqualTo(last);
            assertThat(model.forward(cache, PROMPT, 0, Cancellation.none()).rows())
                    .isZero();
            cache.commit(PROMPT.length);
            assertThat(cache.length()).isEqualTo(PROMPT.length);
        }
    }

    @Test
    void servesTheWholeContext() {
        int[] text = new int[TinyLlama.CONTEXT];
        try (KvCache cache = model.newCache(TinyLlama.CONTEXT)) {
            assertThat(cache.capacity()).isEqualTo(TinyLlama.CONTEXT);
            model.forward(cache, text, 1, Cancellation.none());
            cache.commit(text.length);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.forward(cache, PROMPT, 1, Cancellation.none()))
                    .withMessageContaining("the room in the cache");
        }
        assertThatThrownBy(() -> model.newCache(TinyLlama.CONTEXT + 1))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void refusesTokensOutsideTheVocabularyAndRowsThatAreNotThere() {
        try (KvCache cache = model.newCache(20)) {
            assertThatThrownBy(() -> model.forward(cache, new int[] {TinyLlama.VOCABULARY}, 1, Cancellation.none()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.forward(cache, PROMPT, PROMPT.length + 1, Cancellation.none()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.forward(cache, new int[0], 0, Cancellation.none()));
        }
    }

    @Test
    void refusesCachesBeyondTheBudgetUntilOneIsClosed() {
        assertThat(model.budget().usedBytes()).isZero();
        KvCache first = model.newCache(100); // takes 128 positions
        try (KvCache _ = model.newCache(100)) {
            assertThat(model.budget().usedBytes()).isEqualTo(BUDGET_TOKENS * TOKEN_BYTES);
            assertThatThrownBy(() -> model.newCache(1))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
            first.close();
            first.close(); // gives back once
            model.newCache(100).close();
        }
        assertThat(model.budget().usedBytes()).isZero();
    }

    @Test
    void refusesACacheForGoodThatTheBudgetCanNeverHold() throws IOException {
        try (OnnxLanguageModel small = load(Precision.INT8, 64)) {
            small.newCache(20).close();
            assertThatThrownBy(() -> small.newCache(100)).isInstanceOfSatisfying(TernException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                assertThat(e.field()).isEqualTo("max_tokens");
            });
        }
    }

    @Test
    void runsNothingAfterItsEnd() throws IOException {
        OnnxLanguageModel closed = load(Precision.INT8);
        try (KvCache cache = closed.newCache(20)) {
            closed.close();
            assertThatThrownBy(() -> closed.forward(cache, PROMPT, 1, Cancellation.none()))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
        assertThat(closed.budget().usedBytes()).isZero();
    }

    @Test
    void stopsWhenItIsCancelledAndGoesOnAfterwards() {
        try (KvCache cache = model.newCache(20)) {
            Cancellation cancelled = new Cancellation();
            cancelled.cancel();
            assertThatThrownBy(() -> model.forward(cache, PROMPT, 1, cancelled))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
            assertThatIllegalArgumentException().isThrownBy(() -> cache.commit(1));
            assertThat(model.forward(cache, PROMPT, 1, Cancellation.none()).rows())
                    .isEqualTo(1);
        }
    }

    @Test
    void leavesTheQueueWhenItIsCancelled() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Cancellation cancellation = new Cancellation();
        Thread occupant = Thread.startVirtualThread(() -> executor.run(
                () -> {
                    busy.countDown();
                    awaitUninterruptibly(release);
                },
                Cancellation.none()));
        busy.await();
        try (KvCache cache = model.newCache(20)) {
            Thread canceller = Thread.startVirtualThread(() -> {
                while (executor.waiting() == 0) {
                    Thread.onSpinWait();
                }
                cancellation.cancel();
            });
            assertThatThrownBy(() -> model.forward(cache, PROMPT, 1, cancellation))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
            canceller.join();
        } finally {
            release.countDown();
            occupant.join();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Path> filesOfTheCache() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static long modified(Path file) {
        return file.toFile().lastModified();
    }

    private static float[] row(Logits logits) {
        float[] row = new float[logits.vocabularySize()];
        logits.copyRow(0, row);
        return row;
    }

    private static int indexOfGreatest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
