package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.PrecisionChoice;
import io.tern.decoding.convert.TinyLlama;
import io.tern.decoding.tree.TokenTree;
import io.tern.onnx.ExecutionProvider;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.SessionConfig;
import io.tern.tensor.ElementType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way of a GPU's memory, gone on the processor: keys and values are reached through sessions alone. */
class DeviceKvMemoryTest {
    private static final int POSITIONS = 40;
    private static final DecoderDevice OWN_MEMORY = new DecoderDevice(new ExecutionProvider.Cpu(), true);

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

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT16"})
    void movesTheSameBytesAsOrdinaryMemory(ElementType type) {
        KvLayout layout = new KvLayout(3, 2, 8, type);
        SplittableRandom random = new SplittableRandom(7);
        try (Arena arena = Arena.ofConfined();
                KvTransfer transfer = new KvTransfer(runtime, SessionConfig.cpu(), layout);
                KvMemory device = new DeviceKvMemory(transfer, layout, POSITIONS);
                KvMemory host = new FixedKvMemory(runtime, KvMemory.Allocation.ORDINARY, layout, POSITIONS)) {
            MemorySegment rows = arena.allocate(layout.totalBytes(POSITIONS), 64);
            for (long i = 0; i < rows.byteSize(); i++) {
                rows.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
            }
            device.paste(rows, 0, POSITIONS);
            host.paste(rows, 0, POSITIONS);
            assertThat(device.sameBits(host, POSITIONS)).isTrue();

            int[][] paths = {{12, 15, 16, 30}, {9}, {10, 12}};
            for (int[] path : paths) {
                device.move(path, 9);
                assertThat(device.sameBits(host, POSITIONS)).isEqualTo(path.length == 1);
                host.move(path, 9);
                assertThat(device.sameBits(host, POSITIONS)).isTrue();
            }

            MemorySegment read = arena.allocate(layout.totalBytes(5), 64);
            MemorySegment expected = arena.allocate(layout.totalBytes(5), 64);
            device.copy(20, 5, read);
            host.copy(20, 5, expected);
            assertThat(read.mismatch(expected)).isNegative();
            device.paste(read, 33, 5);
            assertThat(device.sameBits(host, 33)).isTrue();
            assertThat(device.sameBits(host, POSITIONS)).isFalse();
        }
    }

    /** Chains, trees whose kept path is not the first one, company, and beginnings that were kept. */
    @ParameterizedTest
    @EnumSource(names = {"FP32", "FP16", "INT8"})
    void givesTheBitsOfOrdinaryMemory(Precision precision) throws IOException {
        Path gguf = TinyLlama.tied(1).writeTo(folder.resolve(precision + ".gguf"));
        List<List<float[]>> found = new ArrayList<>();
        for (DecoderDevice device : List.of(DecoderDevice.CPU, OWN_MEMORY)) {
            ModelLoader loader = new ModelLoader(runtime, SmolLm.THREADS, executor, device, folder.resolve("cache"));
            KvBudget budget = new KvBudget(1 << 22, 1 << 20);
            try (OnnxLanguageModel model = loader.load("tiny", ModelSource.of(gguf), precision, budget)) {
                assertThat(model.info().precision()).isEqualTo(precision.wireName());
                found.add(logits(model));
                assertThat(budget.prefixes().foundTokens()).isPositive();
            }
            assertThat(budget.usedBytes()).isZero();
        }
        assertThat(found.get(1)).usingRecursiveComparison().isEqualTo(found.get(0));
    }

    private static List<float[]> logits(OnnxLanguageModel model) {
        int[] text = new SplittableRandom(3).ints(60, 0, 80).toArray();
        List<float[]> rows = new ArrayList<>();
        try (OnnxKvCache cache = model.openCache(60);
                OnnxKvCache mate = model.openCache(60)) {
            rows.add(run(model, cache, Arrays.copyOf(text, 33)));
            model.remember(cache, "somebody", Arrays.copyOf(text, 33));
            TokenTree tree = TokenTree.of(new int[] {5, 6, 7, 8, 9}, new int[] {-1, 0, 0, 2, 3});
            rows.add(row(model.forward(cache, tree, 5, Cancellation.none()).logits(), 4));
            cache.keep(0, 2, 3, 4);
            rows.add(run(model, cache, 11, 12));

            int recalled = model.recall(mate, "somebody", text);
            assertThat(recalled).isEqualTo(32);
            rows.add(run(model, mate, Arrays.copyOfRange(text, recalled, 40)));
            TokenTree next = TokenTree.chain(3);
            model.runTogether(List.of(cache.begin(next, 1, 2), mate.begin(next, 1, 2)));
            rows.add(row(cache.end(next, 1).logits(), 0));
            rows.add(row(mate.end(next, 1).logits(), 0));
        }
        return rows;
    }

    private static float[] run(OnnxLanguageModel model, OnnxKvCache cache, int... tokens) {
        float[] logits = row(model.forward(cache, tokens, 1, Cancellation.none()), 0);
        cache.commit(tokens.length);
        return logits;
    }

    private static float[] row(Logits logits, int row) {
        float[] values = new float[logits.vocabularySize()];
        logits.copyRow(row, values);
        return values;
    }

    @Test
    void aGpuTakesHalvesAndHasOneGraphForOneSequenceAndOneForMany() throws IOException {
        DecoderDevice gpu = DecoderDevice.of(ExecutionProvider.Cuda.device(1));
        assertThat(gpu.label()).isEqualTo("cuda:1");
        assertThat(gpu.ownMemory()).isTrue();
        assertThat(gpu.slotCounts()).containsExactly(1, 8);
        ModelSource source = ModelSource.of(TinyLlama.tied(1).writeTo(folder.resolve("any.gguf")));
        assertThat(gpu.precision(PrecisionChoice.of("auto"), source)).isEqualTo(Precision.FP16);
        assertThat(DecoderDevice.CPU.precision(PrecisionChoice.of("auto"), source))
                .isEqualTo(Precision.INT8);
        assertThatThrownBy(() -> gpu.precision(PrecisionChoice.of("int8"), source))
                .isInstanceOf(TernException.class)
                .hasMessage("precision: int8 on cuda:1 (expected: fp16)");
        assertThatThrownBy(() -> DecoderDevice.CPU.precision(PrecisionChoice.of("fp16"), source))
                .isInstanceOf(TernException.class)
                .hasMessage("precision: fp16 on cpu (expected: fp32, int8, int4 or auto)");
        assertThat(DecoderDevice.CPU.ownMemory()).isFalse();
    }
}
