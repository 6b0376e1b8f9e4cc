package io.tern.gateway.inference;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.models.ModelList;
import io.tern.gateway.problem.ProblemException;
import io.tern.gateway.upstream.CallHead;
import io.tern.gateway.upstream.Upstream;
import io.tern.inference.v2.GRPCInferenceServiceGrpc;
import io.tern.inference.v2.ModelConfig;
import io.tern.inference.v2.ModelConfigRequest;
import io.tern.inference.v2.ModelConfigResponse;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelMetadataRequest;
import io.tern.inference.v2.ModelMetadataResponse;
import io.tern.inference.v2.ModelStatisticsRequest;
import io.tern.inference.v2.ModelStatisticsResponse;
import io.tern.inference.v2.RepositoryIndexResponse;
import io.tern.inference.v2.RepositoryIndexResponse.ModelIndex;
import io.tern.inference.v2.ServerMetadataResponse;
import io.tern.model.v1.Model;
import reactor.core.publisher.Mono;

/** All models as the Open Inference Protocol sees them: with tensors where they have some, and without where not. */
public final class InferenceModels {
    private static final String VERSION = "1";
    private static final ServerMetadataResponse SERVER = ServerMetadataResponse.newBuilder()
            .setName("tern")
            .setVersion("0.1.0")
            .addExtensions("binary_tensor_data")
            .addExtensions("model_configuration")
            .addExtensions("statistics")
            .build();

    private final Upstream tensors;
    private final ModelList models;

    /** @param tensors the service whose models have them */
    public InferenceModels(Upstream tensors, ModelList models) {
        this.tensors = tensors;
        this.models = models;
    }

    ServerMetadataResponse server() {
        return SERVER;
    }

    Mono<ModelInferResponse> infer(ModelInferRequest request, CallHead head) {
        return tensors.stream(GRPCInferenceServiceGrpc.getModelInferMethod(), request, head)
                .single();
    }

    /** Errors: MODEL_NOT_FOUND, also of a model without tensors. */
    Mono<ModelConfig> config(String name, String version, String requestId) {
        ModelConfigRequest request = ModelConfigRequest.newBuilder()
                .setName(name)
                .setVersion(version)
                .build();
        return tensors.unary(GRPCInferenceServiceGrpc.getModelConfigMethod(), request, requestId)
                .map(ModelConfigResponse::getConfig);
    }

    /**
     * Errors: MODEL_NOT_FOUND, also of a model without tensors.
     *
     * @param name empty: all models with tensors
     */
    Mono<ModelStatisticsResponse> statistics(String name, String version, String requestId) {
        ModelStatisticsRequest request = ModelStatisticsRequest.newBuilder()
                .setName(name)
                .setVersion(version)
                .build();
        return tensors.unary(GRPCInferenceServiceGrpc.getModelStatisticsMethod(), request, requestId);
    }

    /** Errors: MODEL_NOT_FOUND. */
    Mono<ModelMetadataResponse> metadata(String name, String version, String requestId) {
        ModelMetadataRequest request = ModelMetadataRequest.newBuilder()
                .setName(name)
                .setVersion(version)
                .build();
        return tensors.unary(GRPCInferenceServiceGrpc.getModelMetadataMethod(), request, requestId)
                .onErrorResume(
                        error -> error instanceof ProblemException refused
                                && refused.problem().code().equals(ErrorCode.MODEL_NOT_FOUND.wireName()),
                        _ -> model(name, version, requestId).map(InferenceModels::withoutTensors));
    }

    /** Any model that is served. Errors: MODEL_NOT_FOUND. */
    Mono<Model> model(String name, String version, String requestId) {
        return models.served(requestId).map(served -> {
            Model model = served.named(name);
            if (!version.isEmpty() && !version.equals(VERSION)) {
                throw new TernException(
                        ErrorCode.MODEL_NOT_FOUND,
                        "version: " + version + " (expected: " + VERSION + ")",
                        "version",
                        null);
            }
            return model;
        });
    }

    Mono<RepositoryIndexResponse> index(String requestId) {
        return models.served(requestId)
                .map(served -> RepositoryIndexResponse.newBuilder()
                        .addAllModels(served.models().stream()
                                .map(model -> ModelIndex.newBuilder()
                                        .setName(model.getId())
                                        .setVersion(VERSION)
                                        .setState("READY")
                                        .build())
                                .toList())
                        .build());
    }

    private static ModelMetadataResponse withoutTensors(Model model) {
        return ModelMetadataResponse.newBuilder()
                .setName(model.getId())
                .addVersions(VERSION)
                .setPlatform("tern_" + model.getService())
                .build();
    }
}
