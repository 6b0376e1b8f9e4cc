package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.ErrorKind;
import io.tern.base.TernException;
import io.tern.onnx.OnnxException;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Strings;
import io.tern.onnx.Tensor;
import io.tern.onnx.TensorInfo;
import io.tern.tensor.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The graph of a model's sessions. Whoever has these closes them, or this in their place. */
public final class OnnxRawGraph implements RawGraph, AutoCloseable {
    /** What a node says of the values that it got, after the node's type. */
    private static final Pattern REFUSAL =
            Pattern.compile("running (\\w+) node\\..*Status Message: (?:.* was false\\. )?([^\\n]*)", Pattern.DOTALL);

    private static final Pattern CODE = Pattern.compile(" \\(code \\d+\\)$");

    private final OnnxRuntime runtime;
    private final OnnxSessions sessions;

    public OnnxRawGraph(OnnxRuntime runtime, OnnxSessions sessions) {
        this.runtime = runtime;
        this.sessions = sessions;
    }

    @Override
    public List<End> inputs() {
        return ends(sessions.signature().inputs());
    }

    @Override
    public List<End> outputs() {
        return ends(sessions.signature().outputs());
    }

    private static List<End> ends(List<TensorInfo> infos) {
        return infos.stream()
                .map(info -> new End(info.name(), info.type(), info.shape(), info.hasShape()))
                .toList();
    }

    @Override
    public Map<String, RawTensor> run(
            Map<String, RawTensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        Map<String, Tensor> tensors = new HashMap<>();
        inputs.forEach((name, input) -> tensors.put(name, tensor(input, arena)));
        Map<String, RawTensor> results = new LinkedHashMap<>();
        try {
            sessions.run(tensors, outputs, arena, cancellation)
                    .forEach((name, output) ->
                            results.put(name, new RawTensor(output.type(), output.shape(), elements(output, arena))));
        } catch (TernException failed) {
            throw refusalOf(failed);
        }
        return results;
    }

    private Tensor tensor(RawTensor input, Arena arena) {
        return input.type() == ElementType.STRING
                ? Strings.copyOf(runtime, arena, input.shape(), input.data())
                : Tensor.over(runtime, arena, input.data(), input.type(), input.shape());
    }

    private MemorySegment elements(Tensor output, Arena arena) {
        return output.type() == ElementType.STRING ? Strings.of(runtime, output, arena) : output.segment();
    }

    @Override
    public void close() {
        sessions.close();
    }

    /**
     * Types and shapes fit and the model has run before, so that what a node does not take is the caller's: an index
     * beyond its table, rows that do not go together.
     */
    private static TernException refusalOf(TernException failed) {
        Matcher refusal = REFUSAL.matcher(
                failed.getCause() instanceof OnnxException said ? String.valueOf(said.getMessage()) : "");
        if (failed.kind() == ErrorKind.CAPACITY || !refusal.find()) {
            return failed;
        }
        String why = CODE.matcher(refusal.group(2)).replaceFirst("").strip();
        return new TernException(
                ErrorCode.INVALID_ARGUMENT,
                "inputs: refused by " + refusal.group(1) + ": " + why + " (expected: values that the graph can take)",
                "inputs",
                failed);
    }
}
