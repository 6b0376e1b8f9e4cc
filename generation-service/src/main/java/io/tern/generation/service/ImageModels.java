package io.tern.generation.service;

import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelFile;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The text-to-image models of this process. Loaded at start; safe for many threads afterwards. */
final class ImageModels implements AutoCloseable {
    private static final String SERVICE = "generation";
    private static final Logger log = LoggerFactory.getLogger(ImageModels.class);

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
        for (ModelEntry entry : store.entries(SERVICE)) {
            if (entry.isDefault() || store.isPresent(entry)) {
                models.load(entry, store, inference);
            } else {
                log.info("model {} is not on this machine and not served", entry.id());
            }
        }
        return models;
    }

    private void load(ModelEntry entry, ModelStore store, Inference inference) {
        Path folder = store.verifiedFolder(entry);
        entry.files().forEach(file -> checkGraph(store.locate(entry, file), file));
        DiffusionPipeline pipeline = DiffusionPipeline.load(folder, inference);
        pipelines.put(entry.id(), pipeline);
        generators.put(entry.id(), new ImageGenerator(entry.id(), entry.sha256(), pipeline));
        served.add(description(entry, pipeline, inference.config().provider()));
    }

    private static void checkGraph(Path location, ModelFile file) {
        if (file.path().endsWith(".onnx")) {
            try {
                ModelGate.check(location);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the model file " + file.path(), e);
            }
        }
    }

    private static Model description(ModelEntry entry, DiffusionPipeline pipeline, ExecutionProvider provider) {
        return Model.newBuilder()
                .setId(entry.id())
                .addAllCapabilities(entry.capabilities())
                .setDevice(
                        switch (provider) {
                            case ExecutionProvider.Cpu _ -> "cpu";
                            case ExecutionProvider.Cuda cuda -> "cuda:" + cuda.device();
                        })
                // What it computes in; some weights are stored smaller and widened at load.
                .setPrecision("fp32")
                .setBitExact(pipeline.isBitExact())
                .setLicence(entry.licence())
                .setSha256(entry.sha256())
                .setDefault(entry.isDefault())
                .setCreated(Instant.now().getEpochSecond())
                .setService(SERVICE)
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
