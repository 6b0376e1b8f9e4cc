package io.tern.gateway;

import io.grpc.stub.StreamObserver;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.inference.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import io.tern.inference.v2.InferBatchStatistics;
import io.tern.inference.v2.InferStatistics;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelInferResponse.InferOutputTensor;
import io.tern.inference.v2.ModelMetadataRequest;
import io.tern.inference.v2.ModelMetadataResponse;
import io.tern.inference.v2.ModelMetadataResponse.TensorMetadata;
import io.tern.inference.v2.ModelStatistics;
import io.tern.inference.v2.ModelStatisticsRequest;
import io.tern.inference.v2.ModelStatisticsResponse;
import io.tern.inference.v2.StatisticDuration;
import io.tern.serving.ServerCalls;
import java.util.concurrent.atomic.AtomicReference;

/** Gives each input of "nanodet" back as an output; no other model has tensors here, and an input "bad" is refused. */
final class FakeInference extends GRPCInferenceServiceImplBase {
    final AtomicReference<String> requestId = new AtomicReference<>();
    final AtomicReference<ModelInferRequest> last = new AtomicReference<>();

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        ServerCalls.unary(observer, _ -> {
            requireServed("name", request.getName());
            return ModelMetadataResponse.newBuilder()
                    .setName("nanodet")
                    .addVersions("1")
                    .setPlatform("onnxruntime_onnx")
                    .addInputs(TensorMetadata.newBuilder()
                            .setName("images")
                            .setDatatype("FP32")
                            .addShape(-1)
                            .addShape(3))
                    .build();
        });
    }

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> observer) {
        ServerCalls.unary(observer, _ -> {
            requireServed("name", request.getName().isEmpty() ? "nanodet" : request.getName());
            StatisticDuration twice =
                    StatisticDuration.newBuilder().setCount(2).setNs(7).build();
            return ModelStatisticsResponse.newBuilder()
                    .addModelStats(ModelStatistics.newBuilder()
                            .setName("nanodet")
                            .setVersion("1")
                            .setInferenceCount(2)
                            .setExecutionCount(2)
                            .setLastInference(1_700_000_000_000L)
                            .setInferenceStats(InferStatistics.newBuilder()
                                    .setSuccess(twice)
                                    .setComputeInfer(twice))
                            .addBatchStats(InferBatchStatistics.newBuilder()
                                    .setBatchSize(1)
                                    .setComputeInfer(twice)))
                    .build();
        });
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        requestId.set(FakeServices.SEEN_REQUEST_ID.get());
        last.set(request);
        ServerCalls.unary(observer, _ -> {
            requireServed("model_name", request.getModelName());
            ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                    .setModelName("nanodet")
                    .setModelVersion("1")
                    .setId(request.getId())
                    .addAllRawOutputContents(request.getRawInputContentsList());
            request.getInputsList().forEach(input -> {
                TernException.require(!input.getName().equals("bad"), "inputs[bad].shape", "[2]", "[3]");
                response.addOutputs(InferOutputTensor.newBuilder()
                        .setName(input.getName())
                        .setDatatype(input.getDatatype())
                        .addAllShape(input.getShapeList()));
            });
            return response.build();
        });
    }

    private static void requireServed(String field, String name) {
        if (!name.equals("nanodet")) {
            throw new TernException(
                    ErrorCode.MODEL_NOT_FOUND, field + ": " + name + " (expected: one of nanodet)", field, null);
        }
    }
}
