package io.tern.decoding.safetensors;

import io.tern.base.TernException;
import io.tern.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a file's header: its length in 8 bytes, then a JSON object with type, shape and place of each tensor. It is read
 * token by token and only descriptions that fit the file are kept, so that a small file cannot ask for much memory.
 */
final class SafetensorsParser {
    /** As the format's own library has it. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int MAX_TENSORS = 1 << 16;
    private static final int MAX_NAME_LENGTH = 512;
    private static final int MAX_DIMENSIONS = 4;
    private static final String METADATA = "__metadata__";
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment data;
    private final Map<String, SafeTensor> tensors = new LinkedHashMap<>();

    SafetensorsParser(MemorySegment file) {
        if (file.byteSize() < Long.BYTES) {
            throw TernException.invalid(
                    "safetensors file", file.byteSize() + " bytes", "a header's length and a header");
        }
        long length = file.get(LENGTH, 0);
        if (length < 2 || length > Math.min(MAX_HEADER_BYTES, file.byteSize() - Long.BYTES)) {
            throw TernException.invalid(
                    "safetensors header length",
                    Long.toUnsignedString(length),
                    "2.." + Math.min(MAX_HEADER_BYTES, file.byteSize() - Long.BYTES));
        }
        this.data = file.asSlice(Long.BYTES + length);
        byte[] header = file.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), header)) {
            read(json);
        } catch (JacksonException e) {
            throw TernException.invalid("safetensors header", e.getOriginalMessage(), "a JSON object");
        }
    }

    /** In the order of the file. */
    Map<String, SafeTensor> tensors() {
        return tensors;
    }

    private void read(JsonParser json) {
        expect(json, JsonToken.START_OBJECT, "header");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            if (name.equals(METADATA)) {
                json.nextToken();
                json.skipChildren();
            } else {
                add(name, json);
            }
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw TernException.invalid("safetensors header", "cut short", "a whole JSON object");
        }
    }

    private void add(String name, JsonParser json) {
        if (name.length() > MAX_NAME_LENGTH) {
            throw TernException.invalid("safetensors tensor name", name, "at most " + MAX_NAME_LENGTH + " characters");
        }
        if (tensors.size() == MAX_TENSORS) {
            throw TernException.invalid("safetensors tensors", "more than " + MAX_TENSORS, "at most " + MAX_TENSORS);
        }
        if (tensors.put(name, tensor(name, json)) != null) {
            throw TernException.invalid("safetensors tensor " + name, "twice", "once");
        }
    }

    private SafeTensor tensor(String name, JsonParser json) {
        @Nullable NumberType type = null;
        long @Nullable [] dimensions = null;
        long @Nullable [] range = null;
        expect(json, JsonToken.START_OBJECT, name);
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            switch (json.currentName()) {
                case "dtype" -> {
                    expect(json, JsonToken.VALUE_STRING, "type of " + name);
                    type = NumberType.of(json.getString(), name);
                }
                case "shape" -> dimensions = numbers(json, "shape of " + name, Integer.MAX_VALUE);
                case "data_offsets" -> range = numbers(json, "offsets of " + name, data.byteSize());
                case String other ->
                    throw TernException.invalid("safetensors tensor " + name, other, "dtype, shape, data_offsets");
            }
        }
        if (type == null || dimensions == null || range == null || range.length != 2) {
            throw TernException.invalid(
                    "safetensors tensor " + name, "incomplete", "dtype, shape and two data_offsets");
        }
        return new SafeTensor(name, shape(name, dimensions), type, slice(name, dimensions, type, range[0], range[1]));
    }

    /** Whole numbers of 0..max, at most {@value #MAX_DIMENSIONS}. */
    private static long[] numbers(JsonParser json, String what, long max) {
        expect(json, JsonToken.START_ARRAY, what);
        long[] numbers = new long[MAX_DIMENSIONS];
        int count = 0;
        while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            if (count == MAX_DIMENSIONS) {
                throw TernException.invalid("safetensors " + what, "longer", "at most " + MAX_DIMENSIONS + " numbers");
            }
            long number = json.getLongValue(); // refuses what is beyond 64 bits itself
            if (number < 0 || number > max) {
                throw TernException.invalid("safetensors " + what, number, "0.." + max);
            }
            numbers[count++] = number;
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
            throw TernException.invalid("safetensors " + what, json.currentToken(), "whole numbers");
        }
        return Arrays.copyOf(numbers, count);
    }

    private static Shape shape(String name, long[] dimensions) {
        if (dimensions.length == 0 || Arrays.stream(dimensions).anyMatch(size -> size == 0)) {
            throw TernException.invalid(
                    "safetensors shape of " + name,
                    Arrays.toString(dimensions),
                    "1.." + MAX_DIMENSIONS + " sizes, none 0");
        }
        return Shape.of(dimensions);
    }

    private MemorySegment slice(String name, long[] dimensions, NumberType type, long begin, long end) {
        long expected = type.sizeBytes();
        try {
            for (long dimension : dimensions) {
                expected = Math.multiplyExact(expected, dimension);
            }
        } catch (ArithmeticException e) {
            throw TernException.invalid(
                    "safetensors shape of " + name, Arrays.toString(dimensions), "fewer than 2^63 bytes of data");
        }
        if (end - begin != expected) {
            throw TernException.invalid(
                    "safetensors offsets of " + name, begin + ".." + end, expected + " bytes, as the shape says");
        }
        return data.asSlice(begin, expected);
    }

    private static void expect(JsonParser json, JsonToken expected, String what) {
        JsonToken token = json.nextToken();
        if (token != expected) {
            throw TernException.invalid("safetensors " + what, token, String.valueOf(expected));
        }
    }
}
