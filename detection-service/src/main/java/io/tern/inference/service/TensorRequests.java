package io.tern.inference.service;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.network.RawGraph.End;
import io.tern.detection.network.RawTensor;
import io.tern.inference.v2.InferParameter;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelMetadataResponse;
import io.tern.inference.v2.ModelMetadataResponse.TensorMetadata;
import io.tern.inference.v2.ModelStatistics;
import io.tern.inference.v2.ModelStatisticsResponse;
import io.tern.serving.Admission;
import io.tern.serving.CallPriority;
import io.tern.wire.inference.Datatype;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/** Answers what is asked of graphs. What is wrong with a request is said before it waits for its turn. */
record TensorRequests(TensorModels models, OnnxNetworks networks, Admission admission, Activities activities) {
    private static final String PLATFORM = "onnxruntime_onnx";

    /** @throws TernException MODEL_NOT_FOUND, INVALID_ARGUMENT, OVERLOADED, CANCELLED or DEADLINE_EXCEEDED */
    ModelInferResponse infer(ModelInferRequest request, Cancellation cancellation) {
        Phases phases = new Phases();
        try (TensorModel model = models.lease("model_name", request.getModelName(), request.getModelVersion())) {
            Activity activity = activities.of(model.graph());
            activity.asked(System.currentTimeMillis());
            boolean answered = false;
            try {
                ModelInferResponse response = infer(request, model, phases, cancellation);
                activity.answered(phases);
                answered = true;
                return response;
            } finally {
                if (!answered) {
                    activity.failed(phases);
                }
            }
        }
    }

    private ModelInferResponse infer(
            ModelInferRequest request, TensorModel model, Phases phases, Cancellation cancellation) {
        InferParameters parameters = InferParameters.of(request.getParametersMap());
        InputTensors inputs = InputTensors.of(request, model);
        model.values().accept(inputs);
        OutputTensors outputs = OutputTensors.of(request, model);
        Priority priority = parameters.priority().orElseGet(CallPriority::current);
        ModelInferResponse.Builder response = cancellation.within(parameters.timeoutNanos(), timed -> {
            try (Admission.Permit _ = admission.enterCall(priority, timed)) {
                return networks.onWorker(() -> run(model, inputs, outputs, phases, timed), priority, timed);
            }
        });
        if (parameters.finalResponse()) {
            response.putParameters(
                    "triton_final_response",
                    InferParameter.newBuilder().setBoolParam(true).build());
        }
        return response.setId(request.getId()).build();
    }

    private static ModelInferResponse.Builder run(
            TensorModel model, InputTensors inputs, OutputTensors outputs, Phases phases, Cancellation cancellation) {
        try (Arena call = Arena.ofConfined()) {
            phases.inputs();
            Map<String, RawTensor> loaded = inputs.load(call);
            phases.runs();
            Map<String, RawTensor> results = model.graph().run(loaded, outputs.names(), call, cancellation);
            phases.outputs();
            return outputs.response(model.id(), results);
        }
    }

    /**
     * @param name empty: all models
     * @throws TernException MODEL_NOT_FOUND
     */
    ModelStatisticsResponse statistics(String name, String version) {
        ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
        if (!name.isEmpty()) {
            return response.addModelStats(statisticsOf(name, version)).build();
        }
        for (String one : models.names()) {
            try {
                response.addModelStats(statisticsOf(one, version));
            } catch (TernException e) {
                if (e.code() != ErrorCode.MODEL_NOT_FOUND || !version.isEmpty()) {
                    throw e;
                } // unloaded a moment ago
            }
        }
        return response.build();
    }

    private ModelStatistics statisticsOf(String name, String version) {
        try (TensorModel model = models.lease("name", name, version)) {
            return activities.of(model.graph()).message(model.id());
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
