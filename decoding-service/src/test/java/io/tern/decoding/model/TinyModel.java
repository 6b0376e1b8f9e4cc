package io.tern.decoding.model;

import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.TinyLlama;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A random llama, small enough for thousands of runs, in a folder of its own. */
public record TinyModel(
        Path folder, OnnxRuntime runtime, InferenceExecutor executor, OnnxLanguageModel model, BatchCounters batches)
        implements AutoCloseable {
    /** One token: keys and values of all layers in float32. */
    static final long TOKEN_BYTES =
            2L * TinyLlama.LAYERS * TinyLlama.KEY_VALUE_HEADS * TinyLlama.HEAD_SIZE * Float.BYTES;

    private static final int MOST_WAITING = 64;
    private static final long BUDGET_TOKENS = 4096;

    static TinyModel load() throws IOException {
        return load(BUDGET_TOKENS);
    }

    /** @param budgetTokens of all caches together */
    public static TinyModel load(long budgetTokens) throws IOException {
        return load(budgetTokens, 0);
    }

    /** @param prefixTokens of them, what beginnings of texts may take */
    public static TinyModel load(long budgetTokens, long prefixTokens) throws IOException {
        Path folder = Files.createTempDirectory("tiny-");
        Path gguf = TinyLlama.tied(1).writeTo(folder.resolve("tiny.gguf"));
        OnnxRuntime runtime = OnnxRuntime.open(SmolLm.THREADS);
        InferenceExecutor executor = new InferenceExecutor(1, MOST_WAITING);
        ModelLoader loader =
                new ModelLoader(runtime, SmolLm.THREADS, executor, DecoderDevice.CPU, folder.resolve("cache"));
        KvBudget budget = new KvBudget(budgetTokens * TOKEN_BYTES, prefixTokens * TOKEN_BYTES);
        OnnxLanguageModel model = loader.load("tiny", ModelSource.of(gguf), Precision.INT8, budget);
        return new TinyModel(folder, runtime, executor, model, loader.batches());
    }

    /** Calls that wait for a run now. */
    public int waiting() {
        return model.waiting();
    }

    @Override
    public void close() throws IOException {
        model.close();
        executor.close();
        runtime.close();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
