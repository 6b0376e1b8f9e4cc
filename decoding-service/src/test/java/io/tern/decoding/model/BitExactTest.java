package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.tree.TokenTree;
import io.tern.machine.Exactness;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Results have the same bits whatever the steps and the company: strict equality, no tolerance. */
@ExtendWith(SmolLm.Provider.class)
class BitExactTest {
    private static final int[] STEPS = {1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 32};
    private static final int CONTINUATION = 32;

    private final int[] text = Golden.ids(Golden.read("perplexity.json").get("ids"));

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void isWhatTheProbeFound(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        assertThat(model.info().bitExact()).as("bit-exact on this machine").isTrue();
        assertThat(model.minimumRows()).isLessThanOrEqualTo(Exactness.MAX_MINIMUM_ROWS);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void logitsDoNotDependOnTheNumberOfTokensInAStep(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        int prefix = 100;
        float[][] reference = run(model, prefix, prefix, CONTINUATION);
        for (int step : STEPS) {
            assertThat(run(model, prefix, prefix, step)).as("steps of %d", step).isDeepEqualTo(reference);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void logitsDoNotDependOnThePiecesOfThePrompt(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        int prefix = 450;
        float[][] reference = run(model, prefix, 256, CONTINUATION);
        for (int piece : new int[] {450, 200, 64, 37, 16}) {
            assertThat(run(model, prefix, piece, CONTINUATION))
                    .as("pieces of %d", piece)
                    .isDeepEqualTo(reference);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void paddedStepsGiveTheSameLogits(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        float[][] reference = run(model, 100, 100, CONTINUATION);
        for (int rows : new int[] {2, 5, 16}) {
            assertThat(run(model.paddedTo(rows), 100, 100, 1))
                    .as("padded to %d rows", rows)
                    .isDeepEqualTo(reference);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void rejectedDraftsLeaveNoTrace(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        float[][] reference = run(model, 60, 60, 1);
        float[][] drafted = new float[CONTINUATION][];
        try (KvCache cache = model.newCache(60 + CONTINUATION + 4)) {
            model.forward(cache, Arrays.copyOf(text, 60), 0, Cancellation.none());
            cache.commit(60);
            for (int i = 0; i < CONTINUATION; i++) {
                int[] step = {text[60 + i], 11, 22, 33};
                drafted[i] = rows(model.forward(cache, step, 4, Cancellation.none()))[0];
                cache.commit(1);
            }
        }
        assertThat(drafted).isDeepEqualTo(reference);
    }

    @ParameterizedTest
    @CsvSource({"INT8, 4", "INT8, 8", "INT4, 8", "FP32, 8"})
    void sequencesRunTogetherAndDoNotDisturbEachOther(Precision precision, int sequences, SmolLm smolLm)
            throws Exception {
        OnnxLanguageModel model = smolLm.model(precision);
        List<float[][]> alone = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            alone.add(run(model, 40 + 25 * i, 30, 1 + i % 4));
        }
        long runs = smolLm.batches().runs();
        long steps = smolLm.batches().sequences();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<float[][]>> together = new ArrayList<>();
            for (int i = 0; i < sequences; i++) {
                int sequence = i;
                together.add(threads.submit(() -> {
                    start.await();
                    return run(model, 40 + 25 * sequence, 30, 1 + sequence % 4);
                }));
            }
            start.countDown();
            for (int i = 0; i < sequences; i++) {
                assertThat(together.get(i).get()).as("sequence %d", i).isDeepEqualTo(alone.get(i));
            }
        }
        assertThat(smolLm.batches().sequences() - steps)
                .isGreaterThan(smolLm.batches().runs() - runs);
    }

    @Test
    void aSequenceWithoutNumbersSpoilsNoOther(SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(Precision.INT8);
        try (OnnxKvCache spoilt = model.openCache(60);
                OnnxKvCache mate = model.openCache(60);
                OnnxKvCache alone = model.openCache(60)) {
            for (OnnxKvCache cache : List.of(spoilt, mate, alone)) {
                feed(model, cache, 50, false);
            }
            ((HostKvMemory) spoilt.memory()).head(0, 0).setAtIndex(ValueLayout.JAVA_FLOAT, 0, Float.NaN);
            TokenTree next = TokenTree.chain(text[50]);
            model.runTogether(List.of(spoilt.begin(next, 1, 1), mate.begin(next, 1, 1)));
            Logits bad = spoilt.end(next, 1).logits();
            assertThatThrownBy(() -> bad.argMax(0))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL_ERROR));
            assertThat(rows(mate.end(next, 1).logits()))
                    .isDeepEqualTo(rows(model.forward(alone, new int[] {text[50]}, 1, Cancellation.none())));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP16")
    void aRunThatWasEndedInTheMiddleLeavesNoTrace(Precision precision, SmolLm smolLm) {
        OnnxLanguageModel model = smolLm.model(precision);
        int[] prompt = Arrays.copyOf(text, 400);
        try (KvCache cache = model.newCache(prompt.length);
                KvCache other = model.newCache(prompt.length)) {
            Cancellation soon = Cancellation.withTimeout(5_000_000);
            assertThatThrownBy(() -> model.forward(cache, prompt, 1, soon))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
            assertThat(rows(model.forward(cache, prompt, 1, Cancellation.none())))
                    .isDeepEqualTo(rows(model.forward(other, prompt, 1, Cancellation.none())));
        }
    }

    /** Logits of the tokens behind the prefix: the prefix in pieces, then steps. */
    private float[][] run(OnnxLanguageModel model, int prefix, int piece, int step) {
        List<float[]> logits = new ArrayList<>();
        try (KvCache cache = model.newCache(prefix + CONTINUATION)) {
            while (cache.length() < prefix) {
                feed(model, cache, Math.min(piece, prefix - cache.length()), false);
            }
            while (cache.length() < prefix + CONTINUATION) {
                int count = Math.min(step, prefix + CONTINUATION - cache.length());
                logits.addAll(List.of(feed(model, cache, count, true)));
            }
        }
        return logits.toArray(float[][]::new);
    }

    private float[][] feed(OnnxLanguageModel model, KvCache cache, int count, boolean wanted) {
        int[] tokens = Arrays.copyOfRange(text, cache.length(), cache.length() + count);
        float[][] rows = rows(model.forward(cache, tokens, wanted ? count : 0, Cancellation.none()));
        cache.commit(count);
        return rows;
    }

    private static float[][] rows(Logits logits) {
        float[][] rows = new float[logits.rows()][logits.vocabularySize()];
        for (int row = 0; row < rows.length; row++) {
            logits.copyRow(row, rows[row]);
        }
        return rows;
    }
}
