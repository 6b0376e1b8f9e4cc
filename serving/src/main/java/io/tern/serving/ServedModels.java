package io.tern.serving;

import io.grpc.stub.StreamObserver;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelStore;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.ListModelsResponse;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelServiceGrpc.ModelServiceImplBase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the models of this service, answered over gRPC. Safe for use by many threads. */
public final class ServedModels extends ModelServiceImplBase {
    private static final Logger log = LoggerFactory.getLogger(ServedModels.class);

    /** What SPDX has for it. */
    private static final String UNKNOWN_LICENCE = "NOASSERTION";

    private final Map<String, Model> models = new LinkedHashMap<>();

    /** What a service loads: its default model in any case, of the others those that have been fetched. */
    public static List<ModelEntry> toLoad(ModelStore store, String service) {
        return toLoad(store, service, _ -> true);
    }

    /** The same of the models that can do something, for a service that has several kinds. */
    public static List<ModelEntry> toLoad(ModelStore store, String service, String capability) {
        return toLoad(store, service, entry -> entry.capabilities().contains(capability));
    }

    private static List<ModelEntry> toLoad(ModelStore store, String service, Predicate<ModelEntry> wanted) {
        List<ModelEntry> toLoad = new ArrayList<>();
        for (ModelEntry entry : store.entries(service)) {
            if (!wanted.test(entry)) {
                continue;
            }
            if (entry.isDefault() || store.isPresent(entry)) {
                toLoad.add(entry);
            } else {
                log.info("model {} is not on this machine and not served", entry.id());
            }
        }
        return toLoad;
    }

    /** What the catalogue says of a model that was loaded now; the service adds what it has found out. */
    public static Model.Builder describe(ModelEntry entry) {
        return Model.newBuilder()
                .setId(entry.id())
                .addAllCapabilities(entry.capabilities())
                .setLicence(entry.licence())
                .setSha256(entry.sha256())
                .setDefault(entry.isDefault())
                .setCreated(Instant.now().getEpochSecond())
                .setService(entry.service());
    }

    /**
     * What can be said of a model that was brought; the service adds what it has found out.
     *
     * @param sha256 of the weights
     */
    public static Model.Builder describe(BroughtModel brought, String service, String sha256) {
        return Model.newBuilder()
                .setId(brought.name())
                .setLicence(UNKNOWN_LICENCE)
                .setSha256(sha256)
                .setCreated(Instant.now().getEpochSecond())
                .setService(service);
    }

    public synchronized void add(Model model) {
        models.put(model.getId(), model);
    }

    synchronized boolean has(String id) {
        return models.containsKey(id);
    }

    synchronized void remove(String id) {
        models.remove(id);
    }

    /**
     * The id of the model that is meant; empty means the default one.
     *
     * @param capability {@code embedding}: only models that have it
     * @throws TernException MODEL_NOT_FOUND with the ids that there are
     */
    public String resolve(String id, String capability) {
        return resolve("model", id, capability);
    }

    /** The same of another field than {@code model}. */
    public String resolve(String field, String id, String capability) {
        return resolve(field, id, model -> model.getCapabilitiesList().contains(capability));
    }

    String resolve(String field, String id, Predicate<Model> wanted) {
        return find(
                        field,
                        wanted,
                        model -> id.isEmpty()
                                ? model.getDefault()
                                : model.getId().equals(id),
                        id)
                .getId();
    }

    /**
     * The model of this id, whatever it can do.
     *
     * @throws TernException MODEL_NOT_FOUND with the ids that there are
     */
    public Model named(String field, String id) {
        return find(field, _ -> true, model -> model.getId().equals(id), id);
    }

    private synchronized Model find(String field, Predicate<Model> wanted, Predicate<Model> meant, String id) {
        List<Model> able = models.values().stream().filter(wanted).toList();
        for (Model model : able) {
            if (meant.test(model)) {
                return model;
            }
        }
        throw new TernException(
                ErrorCode.MODEL_NOT_FOUND,
                field + ": " + (id.length() > 64 ? id.substring(0, 64) + "…" : id) + " (expected: one of "
                        + able.stream().map(Model::getId).collect(Collectors.joining(", ")) + ")",
                field,
                null);
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        ServerCalls.unary(observer, _ -> all());
    }

    public synchronized ListModelsResponse all() {
        return ListModelsResponse.newBuilder().addAllModels(models.values()).build();
    }
}
