package io.tern.gateway.models;

import io.grpc.stub.StreamObserver;
import io.tern.gateway.web.RequestId;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.ListModelsResponse;
import io.tern.model.v1.ModelServiceGrpc.ModelServiceImplBase;
import io.tern.serving.StatusMapping;

/** {@code tern.model.v1.ModelService} for all services together. */
public final class ModelGrpc extends ModelServiceImplBase {
    private final ModelList models;

    public ModelGrpc(ModelList models) {
        this.models = models;
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        models.served(RequestId.keepOrMake(null))
                .map(served -> ListModelsResponse.newBuilder()
                        .addAllModels(served.models())
                        .build())
                .subscribe(
                        observer::onNext,
                        error -> observer.onError(StatusMapping.toStatus(error)),
                        observer::onCompleted);
    }
}
