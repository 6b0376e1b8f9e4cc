package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.onnx.ModelSignature;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Tensor;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model file run by ONNX Runtime. Call it on a platform thread. */
final class OnnxNetwork implements Network {
    private final OnnxRuntime runtime;
    private final OnnxSessions sessions;
    private final RawGraph graph;

    /** Closes the sessions when it is closed itself. */
    OnnxNetwork(OnnxRuntime runtime, OnnxSessions sessions) {
        this.runtime = runtime;
        this.sessions = sessions;
        this.graph = new OnnxRawGraph(runtime, sessions);
    }

    @Override
    public Map<String, FloatTensor> run(
            Map<String, FloatTensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        Map<String, Tensor> tensors = new HashMap<>();
        inputs.forEach((name, input) -> tensors.put(
                name,
                OnnxElements.narrow(
                        runtime, arena, sessions.signature().input(name).type(), input)));
        Map<String, FloatTensor> results = new HashMap<>();
        sessions.run(tensors, outputs, arena, cancellation)
                .forEach((name, output) -> results.put(name, OnnxElements.widen(output, arena)));
        return results;
    }

    @Override
    public Optional<RawGraph> graph() {
        return Optional.of(graph);
    }

    @Override
    public void close() {
        sessions.close();
    }

    static NetworkSignature signature(ModelSignature signature) {
        return new NetworkSignature(ports(signature.inputs()), ports(signature.outputs()), signature.metadata());
    }

    private static List<NetworkSignature.Port> ports(List<TensorInfo> infos) {
        return infos.stream()
                .map(info -> new NetworkSignature.Port(info.name(), info.type().name(), info.shape()))
                .toList();
    }
}
