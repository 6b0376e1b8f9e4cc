package io.tern.serving;

import io.grpc.stub.StreamObserver;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.model.v1.ListModelsRequest;
import io.tern.model.v1.ListModelsResponse;
import io.tern.model.v1.Model;
import io.tern.model.v1.ModelServiceGrpc.ModelServiceImplBase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The models of this service, answered over gRPC. Written at start, read by all calls. */
public final class ServedModels extends ModelServiceImplBase {
    private final Map<String, Model> models = new LinkedHashMap<>();

    public synchronized void add(Model model) {
        models.put(model.getId(), model);
    }

    /**
     * The id of the model that is meant; empty means the default one.
     *
     * @throws TernException MODEL_NOT_FOUND with the ids that there are
     */
    public synchronized String resolve(String id) {
        if (models.containsKey(id)) {
            return id;
        }
        if (id.isEmpty()) {
            for (Model model : models.values()) {
                if (model.getDefault()) {
                    return model.getId();
                }
            }
        }
        throw new TernException(
                ErrorCode.MODEL_NOT_FOUND,
                "model: " + (id.length() > 64 ? id.substring(0, 64) + "…" : id) + " (expected: one of "
                        + models.keySet().stream().collect(Collectors.joining(", ")) + ")",
                "model",
                null);
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        ServerCalls.unary(observer, _ -> all());
    }

    private synchronized ListModelsResponse all() {
        return ListModelsResponse.newBuilder().addAllModels(models.values()).build();
    }
}
