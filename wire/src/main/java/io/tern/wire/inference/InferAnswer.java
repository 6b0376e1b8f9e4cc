package io.tern.wire.inference;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.inference.v2.InferParameter;
import io.tern.inference.v2.ModelInferResponse;
import io.tern.inference.v2.ModelInferResponse.InferOutputTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * An answer as it is sent.
 *
 * @param body JSON, and the elements of those outputs behind it that are to be binary
 * @param headerLength bytes of the JSON
 * @param isBinary whether it has binary outputs, though they may have no elements
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record InferAnswer(byte[] body, int headerLength, boolean isBinary) {
    /** In JSON: twenty characters each. */
    private static final long MOST_ELEMENTS = 1 << 20;
    /** About what a number takes in JSON. */
    private static final int NUMBER_BYTES = 20;
    /** What a byte of a string takes at most. */
    private static final int ESCAPED_BYTES = 6;

    /** NaN and Infinity as Triton writes them and Python reads them; JSON itself has no word for them. */
    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

    /** @throws TernException INVALID_ARGUMENT for outputs that have to be binary, or are too large not to be */
    public static InferAnswer of(ModelInferResponse response, BinaryOutputs binary) {
        requireFit(response, binary);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<ByteString> behind = new ArrayList<>();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), body)) {
            json.writeStartObject();
            json.writeName("model_name").writeString(response.getModelName());
            json.writeName("model_version").writeString(response.getModelVersion());
            if (!response.getId().isEmpty()) {
                json.writeName("id").writeString(response.getId());
            }
            parameters(json, response);
            json.writeName("outputs").writeStartArray();
            for (int i = 0; i < response.getOutputsCount(); i++) {
                InferOutputTensor output = response.getOutputs(i);
                ByteString elements = response.getRawOutputContents(i);
                json.writeStartObject();
                json.writeName("name").writeString(output.getName());
                json.writeName("datatype").writeString(output.getDatatype());
                json.writeName("shape").writeStartArray();
                output.getShapeList().forEach(json::writeNumber);
                json.writeEndArray();
                if (binary.of(output.getName())) {
                    json.writeName("parameters").writeStartObject();
                    json.writeName("binary_data_size").writeNumber(elements.size());
                    json.writeEndObject();
                    behind.add(elements);
                } else {
                    json.writeName("data").writeStartArray();
                    elements(json, output, elements);
                    json.writeEndArray();
                }
                json.writeEndObject();
            }
            json.writeEndArray().writeEndObject();
        }
        int headerLength = body.size();
        behind.forEach(elements -> append(body, elements));
        return new InferAnswer(body.toByteArray(), headerLength, !behind.isEmpty());
    }

    private static void requireFit(ModelInferResponse response, BinaryOutputs binary) {
        long count = 0;
        for (int i = 0; i < response.getOutputsCount(); i++) {
            InferOutputTensor output = response.getOutputs(i);
            if (!binary.of(output.getName())) {
                Datatype datatype = Datatype.valueOf(output.getDatatype());
                String field = "outputs[" + output.getName() + "]";
                TernException.require(
                        !datatype.isHalf(), field, datatype + " in decimal", "binary_data, as of all half floats");
                long elements = output.getShapeList().stream().reduce(1L, Math::multiplyExact);
                count += datatype == Datatype.BYTES ? Math.max(elements, ofText(response, i)) : elements;
                TernException.require(
                        count <= MOST_ELEMENTS,
                        field,
                        count + " elements in JSON",
                        "at most " + MOST_ELEMENTS + " in an answer; ask for binary_data");
            }
        }
    }

    /** Numbers that take as much room in JSON as strings of so many bytes may. */
    private static long ofText(ModelInferResponse response, int output) {
        return (long) ESCAPED_BYTES * response.getRawOutputContents(output).size() / NUMBER_BYTES;
    }

    private static void parameters(JsonGenerator json, ModelInferResponse response) {
        if (response.getParametersCount() > 0) {
            json.writeName("parameters").writeStartObject();
            response.getParametersMap()
                    .forEach((String name, InferParameter value) ->
                            json.writeName(name).writeBoolean(value.getBoolParam()));
            json.writeEndObject();
        }
    }

    private static void elements(JsonGenerator json, InferOutputTensor output, ByteString raw) {
        Datatype datatype = Datatype.valueOf(output.getDatatype());
        ByteBuffer elements = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        while (elements.hasRemaining()) {
            switch (datatype) {
                case BOOL -> json.writeBoolean(elements.get() != 0);
                case INT8 -> json.writeNumber((int) elements.get());
                case INT16 -> json.writeNumber(elements.getShort());
                case INT32 -> json.writeNumber(elements.getInt());
                case INT64 -> json.writeNumber(elements.getLong());
                case UINT8 -> json.writeNumber(elements.get() & 0xff);
                case UINT16 -> json.writeNumber(elements.getShort() & 0xffff);
                case UINT32 -> json.writeNumber(elements.getInt() & 0xffff_ffffL);
                case UINT64 -> json.writeNumber(Long.toUnsignedString(elements.getLong()));
                // As the double that it is, since most clients read doubles: the bits come back whoever rounds them.
                case FP32 -> json.writeNumber((double) elements.getFloat());
                case FP64 -> json.writeNumber(elements.getDouble());
                case BYTES -> json.writeString(text(output, elements));
                case FP16, BF16 ->
                    throw new IllegalArgumentException("datatype: " + datatype + " (expected: refused before)");
            }
        }
    }

    private static String text(InferOutputTensor output, ByteBuffer elements) {
        int length = elements.getInt();
        ByteBuffer bytes = elements.slice(elements.position(), length);
        elements.position(elements.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw TernException.invalid(
                    "outputs[" + output.getName() + "]", "bytes that are no UTF-8, in JSON", "binary_data");
        }
    }

    private static void append(ByteArrayOutputStream body, ByteString elements) {
        try {
            elements.writeTo(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
