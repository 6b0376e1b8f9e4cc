package io.tern.decoding.safetensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Writes files of any of the number types, and broken ones. */
public final class SafetensorsWriter {
    private final StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** Values that the type cannot hold are cut off. */
    public SafetensorsWriter tensor(String name, NumberType type, long[] shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * type.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case F32 -> bytes.putFloat(value);
                case F16 -> bytes.putShort(Float.floatToFloat16(value));
                case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >> 16));
            }
        }
        int begin = data.size();
        data.writeBytes(bytes.array());
        String dimensions = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
        return raw(
                name,
                "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                        .formatted(type, dimensions, begin, data.size()));
    }

    SafetensorsWriter raw(String name, String description) {
        header.append(",\"").append(name).append("\":").append(description);
        return this;
    }

    byte[] toByteArray() {
        return file(header + "}", data.toByteArray());
    }

    public Path writeTo(Path file) throws IOException {
        return Files.write(file, toByteArray());
    }

    static byte[] file(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}
