package io.tern.wire.inference;

import static io.tern.wire.inference.TensorParser.unexpected;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tern.base.TernException;
import io.tern.tensor.Shape;
import io.tern.wire.StrictJson;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a tensor's elements, an array of arrays as its shape has them or a flat one, into the bytes that they are. */
final class TensorJson {
    private static final BigInteger MOST_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private final String field;
    private final Datatype datatype;
    private final Shape shape;
    private final JsonParser parser;
    private final ByteBuffer elements;
    private long count;

    /** @param sizeBytes that the elements have at most */
    private TensorJson(String field, Datatype datatype, Shape shape, JsonParser parser, long sizeBytes) {
        this.field = field;
        this.datatype = datatype;
        this.shape = shape;
        this.parser = parser;
        this.elements = ByteBuffer.allocate(Math.toIntExact(sizeBytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @param field of the request, for messages
     * @param json where the array stands in it, from its first byte to the one after its last
     * @throws TernException INVALID_ARGUMENT for another number of elements or one that is not of the type
     */
    static ByteString read(String field, byte[] json, int from, int to, Datatype datatype, Shape shape) {
        TernException.require(
                !datatype.isHalf(), field, datatype + " in decimal", "binary data, as of all half floats");
        // Each has a digit and what parts it from the next; before memory is taken for a shape that is only claimed.
        TernException.require(
                2 * shape.size() <= to - from,
                field,
                to - from + " characters",
                shape.size() + " elements of " + shape);
        try (JsonParser parser = TensorParser.of(json, from, to)) {
            parser.nextToken();
            // A string has no more bytes than it takes in JSON.
            long texts = datatype == Datatype.BYTES ? to - from : 0;
            long sizeBytes = shape.size() * datatype.sizeBytes() + texts;
            TensorJson reader = new TensorJson(field, datatype, shape, parser, sizeBytes);
            reader.array(0);
            reader.requireCount(reader.count == shape.size(), reader.count);
            return UnsafeByteOperations.unsafeWrap(reader.elements.flip());
        }
    }

    /** From its start to its end; nested if its first item is an array, and then to the last axis. */
    private void array(int axis) {
        boolean nested = parser.nextToken() == JsonToken.START_ARRAY;
        if (nested || axis > 0) {
            TernException.require(
                    nested == (axis < shape.rank() - 1),
                    field,
                    "arrays to depth " + (nested ? "more than " : "") + (axis + 1),
                    shape.rank() + " as by the shape, or one flat");
        }
        long items = 0;
        for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
            if (nested) {
                TensorParser.require(parser, JsonToken.START_ARRAY, field, "an array in each place of an axis");
                array(axis + 1);
            } else {
                element();
            }
            items++;
        }
        if (nested || axis > 0) {
            TernException.require(
                    items == shape.dimension(axis),
                    field,
                    items + " items in axis " + axis,
                    shape.dimension(axis) + " of shape " + shape);
        }
    }

    private void element() {
        requireCount(count < shape.size(), "more");
        switch (datatype) {
            case BOOL -> elements.put((byte) (bool() ? 1 : 0));
            case INT8 -> elements.put((byte) integer(Byte.MIN_VALUE, Byte.MAX_VALUE));
            case INT16 -> elements.putShort((short) integer(Short.MIN_VALUE, Short.MAX_VALUE));
            case INT32 -> elements.putInt((int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT64 -> elements.putLong(integer(Long.MIN_VALUE, Long.MAX_VALUE));
            case UINT8 -> elements.put((byte) integer(0, 0xff));
            case UINT16 -> elements.putShort((short) integer(0, 0xffff));
            case UINT32 -> elements.putInt((int) integer(0, 0xffff_ffffL));
            case UINT64 -> elements.putLong(unsigned());
            case FP32 -> elements.putFloat(single());
            case FP64 -> elements.putDouble(number());
            case BYTES -> {
                byte[] text = text();
                elements.putInt(text.length).put(text);
            }
            case FP16, BF16 ->
                throw new IllegalArgumentException("datatype: " + datatype + " (expected: refused before)");
        }
        count++;
    }

    private byte[] text() {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrong("a string; bytes that are no text travel as binary data");
        }
        String text = parser.getString();
        StrictJson.refuseHalfPairs(text);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private boolean bool() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw wrong("true or false");
        };
    }

    private long integer(long least, long most) {
        boolean fits = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && least <= parser.getLongValue()
                && parser.getLongValue() <= most;
        if (!fits) {
            throw wrong(datatype + ", " + least + ".." + most);
        }
        return parser.getLongValue();
    }

    private long unsigned() {
        BigInteger value = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? parser.getBigIntegerValue()
                : BigInteger.valueOf(-1);
        if (value.signum() < 0 || value.compareTo(MOST_UINT64) > 0) {
            throw wrong(datatype + ", 0.." + MOST_UINT64);
        }
        return value.longValue();
    }

    /** From its decimals at once: by way of a double it would be rounded twice. */
    private float single() {
        requireNumber();
        float value = parser.getFloatValue();
        if (Float.isInfinite(value) && !parser.isNaN()) {
            throw wrong("a number within FP32, or Infinity itself");
        }
        return value;
    }

    private double number() {
        requireNumber();
        double value = parser.getDoubleValue();
        if (Double.isInfinite(value) && !parser.isNaN()) {
            throw wrong("a number within FP64, or Infinity itself");
        }
        return value;
    }

    private void requireNumber() {
        if (!parser.currentToken().isNumeric()) {
            throw wrong("a number of " + datatype);
        }
    }

    private TernException wrong(String expected) {
        return unexpected(parser, field + "[" + count + "]", expected);
    }

    private void requireCount(boolean holds, Object found) {
        if (!holds) {
            throw TernException.invalid(field, found + " elements", shape.size() + " of shape " + shape);
        }
    }
}
