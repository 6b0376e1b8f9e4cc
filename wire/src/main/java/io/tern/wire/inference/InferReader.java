package io.tern.wire.inference;

import static io.tern.wire.inference.TensorParser.require;
import static io.tern.wire.inference.TensorParser.unexpected;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tern.base.TernException;
import io.tern.inference.v2.InferParameter;
import io.tern.inference.v2.ModelInferRequest;
import io.tern.inference.v2.ModelInferRequest.InferInputTensor;
import io.tern.inference.v2.ModelInferRequest.InferRequestedOutputTensor;
import io.tern.tensor.Shape;
import io.tern.wire.StrictJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the JSON of a request. An input's data are only found at first, as they may stand before their type and shape, and
 * are read when all else is known.
 */
final class InferReader {
    /** Of inputs and outputs each: far more than any graph has. */
    private static final int MOST_TENSORS = 256;

    private static final int MOST_PARAMETERS = 64;
    private static final int MOST_DIMENSIONS = 64;

    private final byte[] body;
    private final int headerLength;
    private final JsonParser parser;
    private final ModelInferRequest.Builder request;
    private final List<Data> data = new ArrayList<>();
    private final Map<String, Boolean> binaryOutputs = new HashMap<>();
    private boolean binaryByDefault;

    /** Where an input's elements are: a place in the JSON, or so many bytes behind it. */
    private sealed interface Data {
        record Text(int from, int to) implements Data {}

        record Binary(long size) implements Data {}
    }

    /** @param headerLength bytes of the JSON, at the body's beginning */
    InferReader(ModelInferRequest.Builder request, byte[] body, int headerLength, JsonParser parser) {
        this.request = request;
        this.body = body;
        this.headerLength = headerLength;
        this.parser = parser;
    }

    InferJson.Question read() {
        parser.nextToken();
        object("body", (name, field) -> {
            switch (name) {
                case "id" -> request.setId(text(field));
                case "model_name" -> requireSame(field, request.getModelName());
                case "model_version" -> requireSame(field, request.getModelVersion());
                case "parameters" -> parameters(field, this::requestParameter);
                case "inputs" -> array(field, this::input);
                case "outputs" -> array(field, this::output);
                default -> throw unknown(field, "id, parameters, inputs, outputs");
            }
        });
        if (parser.nextToken() != null) {
            throw unexpected(parser, "body", "one JSON object");
        }
        readData();
        return new InferJson.Question(request.build(), new BinaryOutputs(binaryByDefault, binaryOutputs));
    }

    private void requestParameter(String name, InferParameter value) {
        if (name.equals("binary_data_output")) {
            binaryByDefault = flag("parameters." + name, value);
        } else {
            request.putParameters(name, value);
        }
    }

    private void input(String place) {
        InferInputTensor.Builder input = InferInputTensor.newBuilder();
        Data[] found = new Data[1];
        object(place, (name, field) -> {
            switch (name) {
                case "name" -> input.setName(text(field));
                case "datatype" -> input.setDatatype(text(field));
                case "shape" -> shape(field, input);
                case "data" -> found[0] = one(place, found[0], skipped(field));
                case "parameters" ->
                    parameters(field, (parameter, value) -> {
                        if (parameter.equals("binary_data_size")) {
                            found[0] = one(place, found[0], new Data.Binary(size(field + "." + parameter, value)));
                        } else {
                            input.putParameters(parameter, value);
                        }
                    });
                default -> throw unknown(field, "name, datatype, shape, data, parameters");
            }
        });
        TernException.require(found[0] != null, place + ".data", null, "an array, or binary_data_size in parameters");
        data.add(found[0]);
        request.addInputs(input);
    }

    private static Data one(String place, @Nullable Data before, Data found) {
        TernException.require(before == null, place + ".data", "set beside binary_data_size", "one of the two");
        return found;
    }

    private Data skipped(String field) {
        require(parser, JsonToken.START_ARRAY, field, "an array");
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        return new Data.Text(from, (int) parser.currentLocation().getByteOffset());
    }

    private void shape(String field, InferInputTensor.Builder input) {
        input.clearShape();
        array(field, _ -> {
            boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (!whole || input.getShapeCount() == MOST_DIMENSIONS) {
                throw unexpected(parser, field, "whole numbers, at most " + MOST_DIMENSIONS);
            }
            input.addShape(parser.getLongValue());
        });
    }

    private void output(String place) {
        InferRequestedOutputTensor.Builder output = InferRequestedOutputTensor.newBuilder();
        Boolean[] binary = new Boolean[1];
        object(place, (name, field) -> {
            switch (name) {
                case "name" -> output.setName(text(field));
                case "parameters" ->
                    parameters(field, (parameter, value) -> {
                        if (parameter.equals("binary_data")) {
                            binary[0] = flag(field + "." + parameter, value);
                        } else {
                            output.putParameters(parameter, value);
                        }
                    });
                default -> throw unknown(field, "name, parameters");
            }
        });
        if (binary[0] != null) {
            binaryOutputs.put(output.getName(), binary[0]);
        }
        request.addOutputs(output);
    }

    /** In the order of the inputs, which is that of the bytes behind the JSON. */
    private void readData() {
        int behind = headerLength;
        long total = 0;
        for (int i = 0; i < data.size(); i++) {
            InferInputTensor input = request.getInputs(i);
            String field = "inputs[" + input.getName() + "]";
            Datatype datatype = Datatype.parse(field + ".datatype", input.getDatatype());
            Shape shape = TensorShape.checked(field + ".shape", input.getShapeList(), datatype);
            long least = shape.size() * datatype.sizeBytes();
            requireFit(total + least);
            switch (data.get(i)) {
                case Data.Text(int from, int to) ->
                    request.addRawInputContents(TensorJson.read(field + ".data", body, from, to, datatype, shape));
                case Data.Binary(long size) -> {
                    TernException.require(
                            size <= body.length - behind,
                            field + ".parameters.binary_data_size",
                            size,
                            "at most the " + (body.length - behind) + " bytes that follow");
                    request.addRawInputContents(bytes(behind, (int) size));
                    behind += (int) size;
                }
            }
            total += Math.max(least, request.getRawInputContents(i).size());
            requireFit(total);
        }
        TernException.require(
                behind == body.length,
                "body",
                body.length - behind + " bytes too many",
                "as many as binary_data_size has");
    }

    private static void requireFit(long total) {
        TernException.require(
                total <= TensorShape.MOST_BYTES, "inputs", total + " bytes", "at most " + TensorShape.MOST_BYTES);
    }

    private ByteString bytes(int from, int size) {
        return UnsafeByteOperations.unsafeWrap(body, from, size); // nobody writes to the body
    }

    /** @param member is given a member's name and its place, with the parser at its value */
    private void object(String place, BiConsumer<String, String> member) {
        require(parser, JsonToken.START_OBJECT, place, "an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = whole(parser.currentName());
            parser.nextToken();
            member.accept(name, place.equals("body") ? name : place + "." + name);
        }
    }

    private void array(String place, Consumer<String> item) {
        require(parser, JsonToken.START_ARRAY, place, "an array");
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            TernException.require(i < MOST_TENSORS, place, "more than " + MOST_TENSORS, "at most so many");
            item.accept(place + "[" + i + "]");
        }
    }

    private void parameters(String place, BiConsumer<String, InferParameter> each) {
        int[] count = new int[1];
        object(place, (name, field) -> {
            TernException.require(
                    count[0]++ < MOST_PARAMETERS, place, "more than " + MOST_PARAMETERS, "at most so many");
            each.accept(name, value(field));
        });
    }

    private InferParameter value(String field) {
        InferParameter.Builder value = InferParameter.newBuilder();
        switch (parser.currentToken()) {
            case VALUE_TRUE, VALUE_FALSE -> value.setBoolParam(parser.getBooleanValue());
            case VALUE_STRING -> value.setStringParam(whole(parser.getString()));
            case VALUE_NUMBER_FLOAT -> value.setDoubleParam(parser.getDoubleValue());
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    throw unexpected(parser, field, "64 bits");
                }
                value.setInt64Param(parser.getLongValue());
            }
            default -> throw unexpected(parser, field, "a string, a number or a boolean");
        }
        return value.build();
    }

    private static boolean flag(String field, InferParameter value) {
        TernException.require(value.hasBoolParam(), field, shown(value), "true or false");
        return value.getBoolParam();
    }

    private static long size(String field, InferParameter value) {
        TernException.require(value.hasInt64Param() && value.getInt64Param() >= 0, field, shown(value), "0 or more");
        return value.getInt64Param();
    }

    private static String shown(InferParameter value) {
        return value.toString().replaceFirst("^\\w+: ", "").strip();
    }

    private String text(String field) {
        require(parser, JsonToken.VALUE_STRING, field, "a string");
        return whole(parser.getString());
    }

    private static String whole(String text) {
        StrictJson.refuseHalfPairs(text);
        return text;
    }

    private void requireSame(String field, String expected) {
        String sent = text(field);
        TernException.require(
                sent.equals(expected), field, sent, expected.isEmpty() ? "none" : expected + ", as in the path");
    }

    private static TernException unknown(String field, String known) {
        return TernException.invalid(field, "unknown field", known);
    }
}
