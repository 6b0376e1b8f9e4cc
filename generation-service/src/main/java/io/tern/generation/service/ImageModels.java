package io.tern.generation.service;

import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelGate;
import io.tern.catalogue.ModelStore;
import io.tern.generation.GenerationRequest;
import io.tern.generation.ImageGenerator;
import io.tern.generation.pipeline.DiffusionPipeline;
import io.tern.generation.pipeline.Inference;
import io.tern.generation.v1.GenerateRequest;
import io.tern.model.v1.Model;
import io.tern.onnx.ExecutionProvider;
import io.tern.serving.ServedModels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The text-to-image models of this process. Loaded at start; safe for many threads afterwards. */
final class ImageModels implements AutoCloseable {
    private static final String SERVICE = "generation";

    private final ServedModels served;
    private final Map<String, DiffusionPipeline> pipelines = new LinkedHashMap<>();
    private final Map<String, ImageGenerator> generators = new LinkedHashMap<>();

    private ImageModels(ServedModels served) {
        this.served = served;
    }

    /**
     * Loads what the catalogue has for this service. The default model must be there; others that are not fetched are
     * left out.
     */
    static ImageModels load(ModelStore store, Inference inference, ServedModels served) {
        ImageModels models = new ImageModels(served);
        ServedModels.toLoad(store, SERVICE).forEach(entry -> models.load(entry, store, inference));
        return models;
    }

    private void load(ModelEntry entry, ModelStore store, Inference inference) {
        Path folder = store.verifiedFolder(entry);
        entry.files().stream()
                .filter(file -> file.path().endsWith(".onnx"))
                .forEach(file -> ModelGate.check(store.locate(entry, file)));
        DiffusionPipeline pipeline = DiffusionPipeline.load(folder, inference);
        pipelines.put(entry.id(), pipeline);
        generators.put(entry.id(), new ImageGenerator(entry.id(), entry.sha256(), pipeline));
        served.add(description(entry, pipeline, inference.config().provider()));
    }

    private static Model description(ModelEntry entry, DiffusionPipeline pipeline, ExecutionProvider provider) {
        return ServedModels.describe(entry)
                .setDevice(provider.label())
                // What it computes in; some weights are stored smaller and widened at load.
                .setPrecision("fp32")
                .setBitExact(pipeline.isBitExact())
                .build();
    }

    /**
     * The request of the model that is meant, with all that can be said against it before any computing.
     *
     * @throws TernException INVALID_ARGUMENT or MODEL_NOT_FOUND
     */
    ResolvedRequest resolve(GenerateRequest message) {
        ImageGenerator generator = generators.get(served.resolve(message.getModel()));
        if (generator == null) {
            throw new IllegalStateException("a served model has no generator");
        }
        GenerationRequest request = GenerationProtos.request(message);
        generator.check(request);
        return new ResolvedRequest(generator, request);
    }

    /** Waits until no request is open. */
    @Override
    public void close() {
        pipelines.values().forEach(DiffusionPipeline::close);
    }
}
