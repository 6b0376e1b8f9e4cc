package io.tern.decoding.model;

import io.tern.decoding.convert.ConversionCache;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.head.HeadLoader;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * SmolLM2-135M-Instruct for tests, which take it as a parameter: converted once into {@code target/}, and loaded once for
 * all classes of a run.
 */
public final class SmolLm implements AutoCloseable {
    public static final int THREADS = 2;
    private static final Path CONVERTED = Path.of("target/converted");
    private static final int VOCABULARY = 49_152;
    private static final int CONTEXT = 8192;
    private static final long BUDGET_BYTES = 1L << 30;
    private static final int MOST_WAITING = 64;

    private final Path gguf = SmolLmFile.locate();
    private final OnnxRuntime runtime = OnnxRuntime.open(THREADS);
    private final InferenceExecutor executor = new InferenceExecutor(1, MOST_WAITING);
    private final ModelLoader loader = new ModelLoader(runtime, THREADS, executor, DecoderDevice.CPU, CONVERTED);
    private final Map<Precision, OnnxLanguageModel> models = new EnumMap<>(Precision.class);

    public Path gguf() {
        return gguf;
    }

    /** Runs of all its models. */
    public BatchCounters batches() {
        return loader.batches();
    }

    public synchronized OnnxLanguageModel model(Precision precision) {
        return models.computeIfAbsent(precision, this::load);
    }

    /** Where a head of the model lies. */
    public static Path head(String name) {
        return Path.of(System.getProperty("tern.root"), "models/decoding", name + ".safetensors");
    }

    public HeadLoader heads() {
        return new HeadLoader(runtime, executor, new ConversionCache(CONVERTED));
    }

    public HeadLoader.Target headTarget(Precision precision) {
        return new HeadLoader.Target(source(), VOCABULARY, CONTEXT, precision);
    }

    public ModelSource source() {
        return ModelSource.gguf(gguf, SmolLmFile.SHA256);
    }

    public ModelLoader loader() {
        return loader;
    }

    private OnnxLanguageModel load(Precision precision) {
        try {
            return loader.load("smollm2-135m-instruct", source(), precision, new KvBudget(BUDGET_BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        models.values().forEach(OnnxLanguageModel::close);
        executor.close();
        runtime.close();
    }

    /** Hands the one instance to every test that asks for it; the last thing of the run closes it. */
    public static final class Provider implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SmolLm.class;
        }

        @Override
        public SmolLm resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(SmolLm.class, _ -> new SmolLm(), SmolLm.class);
        }
    }
}
