package io.tern.inference.service;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.network.RawGraph.End;
import io.tern.inference.v2.InferParameter;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelMetadataResponse;
import io.tern.inference.v2.ModelMetadataResponse.TensorMetadata;
import io.tern.serving.Admission;
import io.tern.wire.inference.Datatype;
import java.lang.foreign.Arena;
import java.util.List;

/** Answers what is asked of graphs. What is wrong with a request is said before it waits for its turn. */
record TensorRequests(TensorModels models, OnnxNetworks networks, Admission admission) {
    private static final String PLATFORM = "onnxruntime_onnx";

    /** @throws TernException MODEL_NOT_FOUND, INVALID_ARGUMENT, OVERLOADED, CANCELLED or DEADLINE_EXCEEDED */
    ModelInferResponse infer(ModelInferRequest request, Cancellation cancellation) {
        try (TensorModel model = models.lease("model_name", request.getModelName(), request.getModelVersion())) {
            InferParameters parameters = InferParameters.of(request.getParametersMap());
            InputTensors inputs = InputTensors.of(request, model);
            OutputTensors outputs = OutputTensors.of(request, model);
            ModelInferResponse.Builder response;
            try (Admission.Permit _ = admission.enter(cancellation)) {
                response = networks.onWorker(() -> run(model, inputs, outputs, cancellation), cancellation);
            }
            if (parameters.finalResponse()) {
                response.putParameters(
                        "triton_final_response",
                        InferParameter.newBuilder().setBoolParam(true).build());
            }
            return response.setId(request.getId()).build();
        }
    }

    private static ModelInferResponse.Builder run(
            TensorModel model, InputTensors inputs, OutputTensors outputs, Cancellation cancellation) {
        try (Arena call = Arena.ofConfined()) {
            return outputs.response(
                    model.id(), model.graph().run(inputs.load(call), outputs.names(), call, cancellation));
        }
    }

    /** @throws TernException MODEL_NOT_FOUND */
    ModelMetadataResponse metadata(String name, String version) {
        try (TensorModel model = models.lease("name", name, version)) {
            return ModelMetadataResponse.newBuilder()
                    .setName(model.id())
                    .addVersions(TensorModels.VERSION)
                    .setPlatform(PLATFORM)
                    .addAllInputs(tensors(model.graph().inputs()))
                    .addAllOutputs(tensors(model.graph().outputs()))
                    .build();
        }
    }

    private static List<TensorMetadata> tensors(List<End> ends) {
        return ends.stream()
                .map(end -> TensorMetadata.newBuilder()
                        .setName(end.name())
                        .setDatatype(Datatype.of(end.type()).name())
                        .addAllShape(end.hasShape() ? end.shape().toList() : List.of(-1L))
                        .build())
                .toList();
    }
}
