package io.tern.inference.service;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.detection.network.RawGraph.End;
import io.tern.detection.network.RawTensor;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferRequest.InferRequestedOutputTensor;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelInferResponse.InferOutputTensor;
import io.tern.wire.inference.Datatype;
import io.tern.wire.inference.TensorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a request wants of a graph. */
record OutputTensors(List<String> names) {
    /** @throws TernException INVALID_ARGUMENT for an unknown output, one that is named twice, or a parameter */
    static OutputTensors of(ModelInferRequest request, TensorModel model) {
        List<String> all = model.graph().outputs().stream().map(End::name).toList();
        if (request.getOutputsCount() == 0) {
            return new OutputTensors(all);
        }
        List<String> names = new ArrayList<>();
        for (InferRequestedOutputTensor output : request.getOutputsList()) {
            String field = "outputs[" + names.size() + "]";
            String name = output.getName();
            TernException.require(all.contains(name), field + ".name", name, "one of " + String.join(", ", all));
            TernException.require(!names.contains(name), field + ".name", name + ", named twice", "each output once");
            Set<String> parameters = output.getParametersMap().keySet();
            TernException.require(parameters.isEmpty(), field + ".parameters", parameters, "none");
            names.add(name);
        }
        return new OutputTensors(names);
    }

    /**
     * The answer without the request's id.
     *
     * @throws TernException INVALID_ARGUMENT if it is more than a message can carry
     */
    ModelInferResponse.Builder response(String model, Map<String, RawTensor> results) {
        long size = results.values().stream()
                .mapToLong(result -> result.data().byteSize())
                .sum();
        TernException.require(
                size <= TensorShape.MOST_BYTES,
                "outputs",
                size + " bytes",
                "at most " + TensorShape.MOST_BYTES + " in an answer; ask for fewer outputs, or of smaller inputs");
        ModelInferResponse.Builder response =
                ModelInferResponse.newBuilder().setModelName(model).setModelVersion(TensorModels.VERSION);
        for (String name : names) {
            RawTensor result = Objects.requireNonNull(results.get(name), name);
            response.addOutputs(InferOutputTensor.newBuilder()
                    .setName(name)
                    .setDatatype(Datatype.of(result.type()).name())
                    .addAllShape(result.shape().toList()));
            response.addRawOutputContents(ByteString.copyFrom(result.data().asByteBuffer()));
        }
        return response;
    }
}
