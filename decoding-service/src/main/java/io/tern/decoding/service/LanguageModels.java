package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelStore;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.model.KvBudget;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.ModelInfo;
import io.tern.decoding.model.ModelLoader;
import io.tern.decoding.tokenizer.GgufText;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.model.v1.Model;
import io.tern.serving.ServedModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The language models of this process. Filled at start; safe for many threads afterwards. */
final class LanguageModels implements AutoCloseable {
    private static final String SERVICE = "decoding";

    private final ServedModels served;
    private final Map<String, TextModel> models = new LinkedHashMap<>();

    LanguageModels(ServedModels served) {
        this.served = served;
    }

    /**
     * Loads what the catalogue has for this service. The default model must be there; others that are not fetched are
     * left out.
     *
     * @param budget shared by all models
     */
    static LanguageModels load(
            ModelStore store, ModelLoader loader, Precision precision, KvBudget budget, ServedModels served) {
        LanguageModels models = new LanguageModels(served);
        ServedModels.toLoad(store, SERVICE).forEach(entry -> models.load(entry, store, loader, precision, budget));
        return models;
    }

    private void load(ModelEntry entry, ModelStore store, ModelLoader loader, Precision precision, KvBudget budget) {
        Path gguf = store.verified(entry, entry.files().getFirst());
        try {
            GgufText text = GgufText.read(gguf);
            LanguageModel model = loader.load(entry.id(), gguf, entry.sha256(), precision, budget);
            add(entry, new TextModel(model, text.tokenizer(), text.template(), entry.sampling()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot load the model " + entry.id(), e);
        }
    }

    void add(ModelEntry entry, TextModel model) {
        models.put(entry.id(), model);
        served.add(description(entry, model.model().info()));
    }

    private static Model description(ModelEntry entry, ModelInfo info) {
        return ServedModels.describe(entry)
                .setDevice(info.device())
                .setPrecision(info.precision())
                .setBitExact(info.bitExact())
                .setContextLength(info.contextLength())
                .build();
    }

    /** @throws TernException MODEL_NOT_FOUND; an empty id is the default model's */
    TextModel named(String id) {
        TextModel model = models.get(served.resolve(id));
        if (model == null) {
            throw new IllegalStateException("a served model is not loaded");
        }
        return model;
    }

    /**
     * The request of the model that is meant, with all that can be said against it before any computing.
     *
     * @throws TernException INVALID_ARGUMENT or MODEL_NOT_FOUND
     */
    ResolvedRequest resolve(GenerateRequest message) {
        return named(message.getModel()).resolve(message);
    }

    /** @throws IllegalStateException while a text is open: the server, which ends them, is stopped before */
    @Override
    public void close() {
        models.values().forEach(model -> model.model().close());
    }
}
