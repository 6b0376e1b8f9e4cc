package io.tern.inference.service;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.detection.network.RawGraph.End;
import io.tern.detection.network.RawTensor;
import io.tern.inference.v2.InferParameter;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferRequest.InferInputTensor;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import io.tern.wire.inference.BytesElements;
import io.tern.wire.inference.Datatype;
import io.tern.wire.inference.TensorShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The inputs of a request, by name and checked: what a graph can be run on. */
record InputTensors(Map<String, Input> inputs) {
    /** As the widest vector of a processor. */
    private static final long ALIGNMENT_BYTES = 64;

    /** @param data little-endian, as many bytes as the type and the shape have; strings behind their lengths */
    record Input(ElementType type, Shape shape, ByteString data) {}

    /**
     * Against the graph, before memory is taken for them.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    static InputTensors of(ModelInferRequest request, TensorModel model) {
        List<End> ends = model.graph().inputs();
        int raw = request.getRawInputContentsCount();
        TernException.require(
                raw == 0 || raw == request.getInputsCount(),
                "raw_input_contents",
                raw + " tensors",
                request.getInputsCount() + " as of inputs, or none");
        Map<String, Input> inputs = new LinkedHashMap<>();
        for (int i = 0; i < request.getInputsCount(); i++) {
            InferInputTensor sent = request.getInputs(i);
            End end = find(ends, "inputs[" + i + "].name", sent.getName());
            ByteString bytes = raw == 0 ? null : request.getRawInputContents(i);
            String field = "inputs[" + end.name() + "]";
            Datatype datatype = datatype(field + ".datatype", sent, end);
            Shape shape = shape(field + ".shape", sent, end, datatype, model.mostElements());
            requireParameters(field + ".parameters", sent, bytes);
            ByteString data = bytes == null
                    ? TypedContents.bytes(field + ".contents", sent.getContents(), datatype, shape.size())
                    : raw(field, sent, datatype, shape, bytes);
            TernException.require(
                    inputs.put(end.name(), new Input(end.type(), shape, data)) == null,
                    field,
                    "sent twice",
                    "each input once");
        }
        for (End end : ends) {
            TernException.require(inputs.containsKey(end.name()), "inputs", "no " + end.name(), describe(end));
        }
        return new InputTensors(inputs);
    }

    private static End find(List<End> ends, String field, String name) {
        return ends.stream()
                .filter(end -> end.name().equals(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        field, name, "one of " + ends.stream().map(End::name).collect(Collectors.joining(", "))));
    }

    private static Datatype datatype(String field, InferInputTensor sent, End end) {
        Datatype own = Datatype.of(end.type());
        TernException.require(sent.getDatatype().equals(own.name()), field, sent.getDatatype(), own.name());
        return own;
    }

    private static Shape shape(String field, InferInputTensor sent, End end, Datatype datatype, long most) {
        Shape shape = TensorShape.checked(field, sent.getShapeList(), datatype);
        TernException.require(
                fits(end, shape),
                field,
                sent.getShapeList(),
                end.shape().toList() + (end.shape().toList().contains(-1L) ? ", where -1 is any" : ""));
        TernException.require(shape.size() <= most, field, sent.getShapeList(), "at most " + most + " elements");
        return shape;
    }

    private static boolean fits(End end, Shape shape) {
        if (!end.hasShape()) {
            return true;
        }
        boolean fits = shape.rank() == end.shape().rank();
        for (int axis = 0; fits && axis < shape.rank(); axis++) {
            long own = end.shape().dimension(axis);
            fits = own < 0 || own == shape.dimension(axis);
        }
        return fits;
    }

    private static void requireParameters(String field, InferInputTensor sent, @Nullable ByteString bytes) {
        for (Map.Entry<String, InferParameter> parameter :
                sent.getParametersMap().entrySet()) {
            String name = field + "." + parameter.getKey();
            TernException.require(parameter.getKey().equals("binary_data_size"), name, "unknown", "binary_data_size");
            long size = parameter.getValue().getInt64Param();
            TernException.require(
                    bytes != null && size == bytes.size(),
                    name,
                    size,
                    bytes == null ? "none without raw contents" : "the raw contents' " + bytes.size());
        }
    }

    private static ByteString raw(
            String field, InferInputTensor sent, Datatype datatype, Shape shape, ByteString bytes) {
        TernException.require(
                !sent.hasContents(), field + ".contents", "set beside raw_input_contents", "one of the two");
        if (datatype == Datatype.BYTES) {
            BytesElements.check(field, bytes, shape.size());
            return bytes;
        }
        long expected = shape.size() * datatype.sizeBytes();
        TernException.require(
                bytes.size() == expected,
                field,
                bytes.size() + " raw bytes",
                expected + " for " + datatype + " " + shape);
        if (datatype == Datatype.BOOL) {
            for (int i = 0; i < bytes.size(); i++) {
                int value = bytes.byteAt(i) & 0xff;
                TernException.require(value <= 1, field + ", raw byte " + i, value, "0 or 1 of BOOL");
            }
        }
        return bytes;
    }

    /** {@code input_ids INT64 [-1, -1]} */
    private static String describe(End end) {
        return end.name() + " " + Datatype.of(end.type()) + " " + end.shape().toList();
    }

    /** Copies in native memory of the arena. */
    Map<String, RawTensor> load(Arena arena) {
        Map<String, RawTensor> tensors = new HashMap<>();
        inputs.forEach((name, input) -> {
            MemorySegment memory = arena.allocate(Math.max(1, input.data.size()), ALIGNMENT_BYTES);
            input.data.copyTo(memory.asByteBuffer());
            tensors.put(name, new RawTensor(input.type, input.shape, memory.asSlice(0, input.data.size())));
        });
        return tensors;
    }
}
