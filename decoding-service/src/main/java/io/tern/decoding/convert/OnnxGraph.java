package io.tern.decoding.convert;

import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model in the making, in one or more variants which share their weights. Values are named by the caller; weights
 * lie in a file beside the model. Field numbers are those of {@code onnx.proto} (ONNX, Apache-2.0).
 */
final class OnnxGraph {
    private static final int IR_VERSION = 10;
    private static final int OPSET = 21;
    private static final int MICROSOFT_OPSET = 1;
    private static final int EXTERNAL = 1;

    /** Of what all variants have. */
    private static final int COMMON = 0;

    private final String name;
    private final String weightFileName;
    private final ElementType numbers;
    private final int variant;
    private final List<Part> parts;
    private final List<WeightIndex.Entry> weights;

    /** @param numbers what flows between its nodes: {@code FLOAT32} or {@code FLOAT16} */
    OnnxGraph(String name, String weightFileName, ElementType numbers) {
        this(name, weightFileName, numbers, COMMON, new ArrayList<>(), new ArrayList<>());
    }

    private OnnxGraph(
            String name,
            String weightFileName,
            ElementType numbers,
            int variant,
            List<Part> parts,
            List<WeightIndex.Entry> weights) {
        this.name = name;
        this.weightFileName = weightFileName;
        this.numbers = numbers;
        this.variant = variant;
        this.parts = parts;
        this.weights = weights;
    }

    /** A field of the graph, in one variant or all. */
    private record Part(int variant, int field, ProtoMessage message) {}

    /** This graph, where what is added is in one variant only. */
    OnnxGraph in(int onlyVariant) {
        return new OnnxGraph(name, weightFileName, numbers, onlyVariant, parts, weights);
    }

    ElementType numbers() {
        return numbers;
    }

    /** Name of the value of {@link #numbers} that a float32 input or output stands for; the same if they are float32. */
    String inside(String end) {
        return numbers == ElementType.FLOAT32 ? end : end + ".inside";
    }

    /** A float32 input as {@link #numbers}, named {@link #inside}. */
    void readIn(String end) {
        cast(end, numbers, inside(end));
    }

    /** What is named {@link #inside} as the float32 output. */
    void giveOut(String end) {
        cast(inside(end), ElementType.FLOAT32, end);
    }

    private void cast(String from, ElementType type, String to) {
        if (!from.equals(to)) {
            node(Operator.onnx("Cast", Operator.Attribute.whole("to", type.onnxCode())), List.of(from), to);
        }
    }

    /** @param dimensions numbers, or names of dimensions that are only known when the model runs */
    String input(String name, ElementType type, String... dimensions) {
        add(11, valueInfo(name, type, dimensions));
        return name;
    }

    /** @param dimensions as of {@link #input} */
    void output(String name, ElementType type, String... dimensions) {
        add(12, valueInfo(name, type, dimensions));
    }

    /** @param inputs "" stands for one that is left out */
    String node(Operator operator, List<String> inputs, String output) {
        node(operator, inputs, List.of(output));
        return output;
    }

    void node(Operator operator, List<String> inputs, List<String> outputs) {
        ProtoMessage node = new ProtoMessage();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(3, outputs.getFirst() + "/" + operator.name()).text(4, operator.name());
        operator.attributes().forEach(attribute -> node.message(5, attribute.message()));
        node.text(7, operator.domain());
        add(1, node);
    }

    /** A one-dimensional int64 tensor inside the model. */
    String constant(String name, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        add(5, tensor(name, ElementType.INT64, Shape.of(values.length)).bytes(9, raw.array()));
        return name;
    }

    /** An int64 scalar inside the model. */
    String wholeScalar(String name, long value) {
        ByteBuffer raw = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.putLong(value);
        add(5, tensor(name, ElementType.INT64, Shape.of()).bytes(9, raw.array()));
        return name;
    }

    /** A scalar of {@link #numbers} inside the model. */
    String scalar(String name, float value) {
        ByteBuffer raw = ByteBuffer.allocate(numbers.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        if (numbers == ElementType.FLOAT16) {
            raw.putShort(Float.floatToFloat16(value));
        } else {
            raw.putFloat(value);
        }
        add(5, tensor(name, numbers, Shape.of()).bytes(9, raw.array()));
        return name;
    }

    /** A tensor in the weight file. */
    String weight(String name, ElementType type, Shape shape, WeightFile.Range range) {
        ProtoMessage tensor = tensor(name, type, shape)
                .message(13, entry("location", weightFileName))
                .message(13, entry("offset", Long.toString(range.offset())))
                .message(13, entry("length", Long.toString(range.length())))
                .whole(14, EXTERNAL);
        add(5, tensor);
        weights.add(new WeightIndex.Entry(name, type, shape, range.offset(), range.length()));
        return name;
    }

    /** Where the weights lie in their file. */
    List<WeightIndex.Entry> weights() {
        return List.copyOf(weights);
    }

    /** The whole model of one variant as a file's bytes. */
    byte[] toModel(int variant, Map<String, String> metadata) {
        return toModel(variant, OPSET, metadata);
    }

    /** With operators of a later release of ONNX. */
    byte[] toModel(int variant, int opset, Map<String, String> metadata) {
        ProtoMessage graph = new ProtoMessage().text(2, name);
        parts.stream()
                .filter(part -> part.variant == COMMON || part.variant == variant)
                .forEach(part -> graph.message(part.field, part.message));
        ProtoMessage model =
                new ProtoMessage().whole(1, IR_VERSION).text(2, "tern").message(7, graph);
        model.message(8, new ProtoMessage().text(1, "").whole(2, opset));
        model.message(8, new ProtoMessage().text(1, Operator.MICROSOFT).whole(2, MICROSOFT_OPSET));
        metadata.forEach((key, value) -> model.message(14, entry(key, value)));
        return model.toByteArray();
    }

    private void add(int field, ProtoMessage message) {
        parts.add(new Part(variant, field, message));
    }

    private static ProtoMessage tensor(String name, ElementType type, Shape shape) {
        ProtoMessage tensor = new ProtoMessage();
        shape.toList().forEach(dimension -> tensor.whole(1, dimension));
        return tensor.whole(2, type.onnxCode()).text(8, name);
    }

    private static ProtoMessage entry(String key, String value) {
        return new ProtoMessage().text(1, key).text(2, value);
    }

    private static ProtoMessage valueInfo(String name, ElementType type, String... dimensions) {
        ProtoMessage shape = new ProtoMessage();
        for (String dimension : dimensions) {
            boolean fixed = Character.isDigit(dimension.charAt(0));
            ProtoMessage axis = new ProtoMessage();
            shape.message(1, fixed ? axis.whole(1, Long.parseLong(dimension)) : axis.text(2, dimension));
        }
        ProtoMessage tensorType = new ProtoMessage().whole(1, type.onnxCode()).message(2, shape);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensorType));
    }
}
