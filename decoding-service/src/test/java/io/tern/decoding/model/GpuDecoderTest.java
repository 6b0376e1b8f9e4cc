package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.TinyLlama;
import io.tern.onnx.ExecutionProvider;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A decoder on the first GPU against the same in float32 on the processor: {@code mvn -Dcuda verify}. */
@Tag("gpu")
class GpuDecoderTest {
    private static final float TOLERANCE = 2e-2f;

    @TempDir
    private Path folder;

    @Test
    void writesWhatTheProcessorWrites() throws IOException {
        Path gguf = TinyLlama.tied(1).writeTo(folder.resolve("tiny.gguf"));
        try (OnnxRuntime runtime = OnnxRuntime.open(SmolLm.THREADS);
                InferenceExecutor executor = new InferenceExecutor(1, 8)) {
            DecoderDevice gpu = DecoderDevice.of(ExecutionProvider.Cuda.device(0));
            List<float[]> expected = logits(runtime, executor, DecoderDevice.CPU, gguf, Precision.FP32);
            List<float[]> found = logits(runtime, executor, gpu, gguf, Precision.FP16);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i)).as("row %d", i).containsExactly(expected.get(i), within(TOLERANCE));
            }
        }
    }

    private List<float[]> logits(
            OnnxRuntime runtime, InferenceExecutor executor, DecoderDevice device, Path gguf, Precision precision)
            throws IOException {
        ModelLoader loader = new ModelLoader(runtime, SmolLm.THREADS, executor, device, folder.resolve("cache"));
        KvBudget budget = new KvBudget(1 << 22, 1 << 20);
        try (OnnxLanguageModel model = loader.load("tiny", ModelSource.of(gguf), precision, budget)) {
            assertThat(model.info().device()).isEqualTo(device.label());
            return CacheWalk.logits(model);
        }
    }
}
