package io.tern.generation.service;

import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelGate;
import io.tern.catalogue.ModelStore;
import io.tern.generation.GenerationRequest;
import io.tern.generation.ImageGenerator;
import io.tern.generation.Limits;
import io.tern.generation.PictureEncoding;
import io.tern.generation.Recipe;
import io.tern.generation.graph.Inference;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.pipeline.DiffusionPipeline;
import io.tern.generation.pipeline.RememberedRows;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.ReplayRequest;
import io.tern.model.v1.Model;
import io.tern.serving.BroughtModel;
import io.tern.serving.Lease;
import io.tern.serving.LoadedModel;
import io.tern.serving.LoadedModels;
import io.tern.serving.ServedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The models of pictures of this process, as requests want them. Safe for many threads. */
record ImageModels(LoadedModels<ImageGenerator> models, Limits limits) {
    private static final String SERVICE = "generation";
    /** What they compute in; some weights are stored smaller and widened at load. */
    private static final String PRECISION = "fp32";

    /** A pipeline's graphs lie one folder deep. */
    private static final int DEPTH = 2;

    /**
     * Loads what the catalogue has for this service. The default model must be there; others that are not fetched are
     * left out.
     *
     * @param cache for files that models share
     */
    static LoadedModels<ImageGenerator> load(
            ModelStore store, Path cache, Inference inference, RememberedRows rows, ServedModels served) {
        LoadedModels<ImageGenerator> models = new LoadedModels<>(served, brought -> open(brought, inference, rows));
        for (ModelEntry entry : ServedModels.toLoad(store, SERVICE)) {
            models.add(open(store.verifiedFolder(entry, cache), ServedModels.describe(entry), inference, rows));
        }
        return models;
    }

    private static LoadedModel<ImageGenerator> open(BroughtModel brought, Inference inference, RememberedRows rows) {
        brought.requireItsOwnKind();
        brought.requirePrecision(PRECISION);
        brought.requireNoDraft();
        Model.Builder description = ServedModels.describe(brought, SERVICE, DiffusionPipeline.sha256(brought.path()));
        return open(brought.path(), description.addCapabilities("image"), inference, rows);
    }

    private static LoadedModel<ImageGenerator> open(
            Path folder, Model.Builder description, Inference inference, RememberedRows rows) {
        graphs(folder).forEach(ModelGate::check);
        String sha256 = description.getSha256();
        DiffusionPipeline pipeline = DiffusionPipeline.load(folder, inference, probe -> rows.of(sha256, probe));
        description
                .setDevice(inference.config().provider().label())
                .setPrecision(pipeline.precision())
                .setBitExact(pipeline.isBitExact());
        ImageGenerator generator = new ImageGenerator(description.getId(), sha256, pipeline);
        return new LoadedModel<>(description.build(), generator, pipeline::close);
    }

    private static List<Path> graphs(Path folder) {
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            return files.filter(file -> file.toString().endsWith(".onnx")).toList();
        } catch (IOException e) {
            throw TernException.invalid("path", folder, "a folder that can be read");
        }
    }

    /**
     * The request of the model that is meant, with all that can be said against it before any computing.
     *
     * @throws TernException INVALID_ARGUMENT or MODEL_NOT_FOUND
     */
    ResolvedRequest resolve(GenerateRequest message) {
        return accepted(
                message.getModel(),
                GenerationProtos.encoding(message),
                generator -> GenerationProtos.request(message, generator.usual()));
    }

    /**
     * The request that a picture made here carries.
     *
     * @throws TernException INVALID_ARGUMENT or MODEL_NOT_FOUND
     */
    ResolvedRequest resolve(ReplayRequest message) {
        byte[] file = message.getImage().toByteArray();
        Recipe recipe = Recipe.of(file);
        return accepted(recipe.modelId(), PictureEncoding.lossless(file), generator -> {
            generator.requireWeights(recipe.modelSha256());
            return recipe.request();
        });
    }

    /** @throws TernException MODEL_NOT_FOUND */
    Lease<ImageGenerator> lease(String model) {
        return models.lease(model);
    }

    private ResolvedRequest accepted(
            String model, PictureEncoding encoding, Function<ImageGenerator, GenerationRequest> question) {
        Lease<ImageGenerator> lease = models.lease(model);
        try {
            GenerationRequest request = question.apply(lease.model());
            lease.model().check(request);
            PictureSize size = lease.model().size(request);
            limits.check(request, size);
            encoding.check(lease.model().drawsColours(), size.width(), size.height());
            return new ResolvedRequest(lease, request, encoding);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }
}
