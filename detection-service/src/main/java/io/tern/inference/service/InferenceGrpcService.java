package io.tern.inference.service;

import io.grpc.stub.StreamObserver;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.inference.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import io.tern.inference.v2.ModelConfigRequest;
import io.tern.inference.v2.ModelConfigResponse;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelMetadataRequest;
import io.tern.inference.v2.ModelMetadataResponse;
import io.tern.inference.v2.ModelStatisticsRequest;
import io.tern.inference.v2.ModelStatisticsResponse;
import io.tern.inference.v2.ModelStreamInferResponse;
import io.tern.serving.ServerCalls;

/**
 * {@code inference.GRPCInferenceService}, of the models of this process. What is asked of a server is the gateway's, which
 * speaks for all of them.
 */
final class InferenceGrpcService extends GRPCInferenceServiceImplBase {
    private final TensorRequests requests;

    InferenceGrpcService(TensorRequests requests) {
        this.requests = requests;
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        ServerCalls.unary(observer, _ -> requests.metadata(request.getName(), request.getVersion()));
    }

    @Override
    public void modelConfig(ModelConfigRequest request, StreamObserver<ModelConfigResponse> observer) {
        ServerCalls.unary(
                observer,
                _ -> ModelConfigResponse.newBuilder()
                        .setConfig(ModelConfigs.of(requests.metadata(request.getName(), request.getVersion())))
                        .build());
    }

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> observer) {
        ServerCalls.unary(observer, _ -> requests.statistics(request.getName(), request.getVersion()));
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        ServerCalls.unary(observer, cancellation -> requests.infer(request, cancellation));
    }

    @Override
    public StreamObserver<ModelInferRequest> modelStreamInfer(StreamObserver<ModelStreamInferResponse> observer) {
        return ServerCalls.bothWays(observer, (receive, send, cancellation) -> {
            for (ModelInferRequest one = receive.receive(); one != null; one = receive.receive()) {
                send.accept(answer(one, cancellation));
            }
        });
    }

    /** What is wrong with one request ends it alone, and what ends the caller all. */
    private ModelStreamInferResponse answer(ModelInferRequest request, Cancellation cancellation) {
        try {
            return ModelStreamInferResponse.newBuilder()
                    .setInferResponse(requests.infer(request, cancellation))
                    .build();
        } catch (TernException e) {
            if (cancellation.isCancelled() || e.code() == ErrorCode.INTERNAL_ERROR) {
                throw e;
            }
            return ModelStreamInferResponse.newBuilder()
                    .setErrorMessage(String.valueOf(e.getMessage()))
                    .setInferResponse(ModelInferResponse.newBuilder()
                            .setModelName(request.getModelName())
                            .setId(request.getId()))
                    .build();
        }
    }
}
