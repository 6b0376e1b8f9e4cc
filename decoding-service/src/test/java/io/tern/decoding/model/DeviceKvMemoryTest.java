package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.PrecisionChoice;
import io.tern.decoding.convert.TinyLlama;
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
                found.add(CacheWalk.logits(model));
                assertThat(budget.prefixes().foundTokens()).isPositive();
            }
            assertThat(budget.usedBytes()).isZero();
        }
        assertThat(found.get(1)).usingRecursiveComparison().isEqualTo(found.get(0));
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
