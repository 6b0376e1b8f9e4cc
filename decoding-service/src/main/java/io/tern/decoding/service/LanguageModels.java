package io.tern.decoding.service;

import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelStore;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.serving.Lease;
import io.tern.serving.LoadedModels;
import io.tern.serving.ServedModels;

/** The language models of this process, as requests want them. Safe for use by many threads. */
record LanguageModels(LoadedModels<TextModel> models, TextMetrics metrics) {
    /**
     * Loads what the catalogue has for this service. The default model must be there; others that are not fetched are
     * left out.
     */
    static LoadedModels<TextModel> load(ModelStore store, TextModelOpener opener, ServedModels served) {
        LoadedModels<TextModel> models = new LoadedModels<>(served, opener::open);
        for (ModelEntry entry : ServedModels.toLoad(store, TextModelOpener.SERVICE)) {
            models.add(opener.open(entry, store));
        }
        return models;
    }

    /** @throws TernException MODEL_NOT_FOUND; an empty id is the default model's */
    Lease<TextModel> lease(String id) {
        return models.lease(id);
    }

    /**
     * The request of the model that is meant, with all that can be said against it before any computing.
     *
     * @throws TernException INVALID_ARGUMENT or MODEL_NOT_FOUND
     */
    ResolvedRequest resolve(GenerateRequest message) {
        Lease<TextModel> lease = lease(message.getModel());
        try {
            return new ResolvedRequest(lease, lease.model().resolve(message), metrics);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }
}
