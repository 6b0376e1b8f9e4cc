package io.tern.serving;

import io.grpc.stub.StreamObserver;
import io.tern.base.TernException;
import io.tern.model.v1.LoadModelRequest;
import io.tern.model.v1.LoadModelResponse;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelLoadingServiceGrpc.ModelLoadingServiceImplBase;
import io.tern.model.v1.UnloadModelRequest;
import io.tern.model.v1.UnloadModelResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code tern.model.v1.ModelLoadingService}: loads and unloads, and remembers it for the next start. */
final class ModelLoadingGrpc extends ModelLoadingServiceImplBase {
    private static final Logger log = LoggerFactory.getLogger(ModelLoadingGrpc.class);

    private final ModelLoading loading;
    private final BroughtModels brought;

    ModelLoadingGrpc(ModelLoading loading, BroughtModels brought) {
        this.loading = loading;
        this.brought = brought;
    }

    /** Serves what was served before the last end. A model that has gone or got broken since does not keep others from it. */
    void restore() {
        for (BroughtModel model : brought.all()) {
            try {
                log.info(
                        "model {} is served from {}", loading.load(model, false).getId(), model.path());
            } catch (RuntimeException e) { // a full disk too: the service's own models are served all the same
                log.warn("model {} of {} is not served", model.name(), model.path(), e);
            }
        }
    }

    @Override
    public void loadModel(LoadModelRequest request, StreamObserver<LoadModelResponse> observer) {
        ServerCalls.unary(observer, _ -> {
            BroughtModel model = BroughtModel.of(request);
            Model served = load(model, request.getReplace());
            log.info("model {} is served from {}", model.name(), model.path());
            return LoadModelResponse.newBuilder().setModel(served).build();
        });
    }

    @Override
    public void unloadModel(UnloadModelRequest request, StreamObserver<UnloadModelResponse> observer) {
        ServerCalls.unary(observer, _ -> {
            unload(request.getName());
            return UnloadModelResponse.getDefaultInstance();
        });
    }

    /** Served and remembered, or neither. */
    private Model load(BroughtModel model, boolean replace) {
        Model served = loading.load(model, replace);
        remember(model, served);
        return served;
    }

    private synchronized void remember(BroughtModel model, Model served) {
        if (!loading.serves(served)) {
            return; // somebody was quick to unload or replace it
        }
        try {
            brought.remember(model);
        } catch (RuntimeException e) {
            loading.unload(model.name());
            throw e;
        }
    }

    private synchronized void unload(String name) {
        try {
            loading.unload(name);
        } catch (TernException e) {
            if (!brought.knows(name)) {
                throw e;
            } // else it could not be loaded at start, and is forgotten now
        }
        brought.forget(name);
        log.info("model {} is no longer served", name);
    }
}
