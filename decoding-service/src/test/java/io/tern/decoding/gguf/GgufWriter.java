package io.tern.decoding.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Writes GGUF files, right ones and, where a test asks for it, wrong ones. Tensors are quantised as ggml does it. */
public final class GgufWriter {
    private static final int ALIGNMENT = 32;

    private final Bytes metadata = new Bytes();
    private final Bytes descriptions = new Bytes();
    private final Bytes data = new Bytes();
    private int keys;
    private int tensors;

    public GgufWriter text(String key, String value) {
        return value(key, 8, bytes -> bytes.text(value));
    }

    public GgufWriter whole(String key, int value) {
        return value(key, 5, bytes -> bytes.int32(value));
    }

    public GgufWriter real(String key, float value) {
        return value(key, 6, bytes -> bytes.int32(Float.floatToIntBits(value)));
    }

    public GgufWriter flag(String key, boolean value) {
        return value(key, 7, bytes -> bytes.write(value ? 1 : 0));
    }

    public GgufWriter texts(String key, List<String> values) {
        return value(key, 9, bytes -> {
            bytes.int32(8);
            bytes.int64(values.size());
            values.forEach(bytes::text);
        });
    }

    public GgufWriter wholes(String key, int... values) {
        return value(key, 9, bytes -> {
            bytes.int32(5);
            bytes.int64(values.length);
            for (int value : values) {
                bytes.int32(value);
            }
        });
    }

    public GgufWriter reals(String key, float... values) {
        return value(key, 9, bytes -> {
            bytes.int32(6);
            bytes.int64(values.length);
            for (float value : values) {
                bytes.int32(Float.floatToIntBits(value));
            }
        });
    }

    /** @param rows equal numbers of values */
    public GgufWriter tensor(String name, BlockType type, float[][] rows) {
        Bytes blocks = new Bytes();
        for (float[] row : rows) {
            for (int begin = 0; begin < row.length; begin += type.elements()) {
                block(blocks, type, row, begin);
            }
        }
        long[] dimensions = rows.length == 1 ? new long[] {rows[0].length} : new long[] {rows[0].length, rows.length};
        return rawTensor(name, type.code(), dimensions, data.size(), blocks.toByteArray());
    }

    /** Blocks as they are. */
    public GgufWriter tensor(String name, BlockType type, int rows, int columns, byte[] blocks) {
        return rawTensor(name, type.code(), new long[] {columns, rows}, data.size(), blocks);
    }

    /** Whatever is given, unchecked. */
    GgufWriter rawTensor(String name, int typeCode, long[] innermostFirst, long offset, byte[] blocks) {
        descriptions.text(name);
        descriptions.int32(innermostFirst.length);
        for (long dimension : innermostFirst) {
            descriptions.int64(dimension);
        }
        descriptions.int32(typeCode);
        descriptions.int64(offset);
        data.writeBytes(blocks);
        data.pad(ALIGNMENT);
        tensors++;
        return this;
    }

    public byte[] toByteArray() {
        Bytes file = new Bytes();
        file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        file.int32(3);
        file.int64(tensors);
        file.int64(keys);
        file.writeBytes(metadata.toByteArray());
        file.writeBytes(descriptions.toByteArray());
        file.pad(ALIGNMENT);
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    public Path writeTo(Path file) throws IOException {
        return Files.write(file, toByteArray());
    }

    private GgufWriter value(String key, int type, Consumer<Bytes> value) {
        metadata.text(key);
        metadata.int32(type);
        value.accept(metadata);
        keys++;
        return this;
    }

    private static void block(Bytes into, BlockType type, float[] row, int begin) {
        switch (type) {
            case F32 -> into.int32(Float.floatToIntBits(row[begin]));
            case F16 -> into.int16(Float.floatToFloat16(row[begin]));
            case Q4_1 -> q41(into, row, begin);
            case Q8_0 -> q80(into, row, begin);
        }
    }

    private static void q41(Bytes into, float[] row, int begin) {
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = begin; i < begin + 32; i++) {
            least = Math.min(least, row[i]);
            greatest = Math.max(greatest, row[i]);
        }
        float step = (greatest - least) / 15;
        into.int16(Float.floatToFloat16(step));
        into.int16(Float.floatToFloat16(least));
        for (int i = begin; i < begin + 16; i++) {
            int low = Math.clamp(Math.round((row[i] - least) / step), 0, 15);
            int high = Math.clamp(Math.round((row[i + 16] - least) / step), 0, 15);
            into.write(low | high << 4);
        }
    }

    private static void q80(Bytes into, float[] row, int begin) {
        float greatest = 0;
        for (int i = begin; i < begin + 32; i++) {
            greatest = Math.max(greatest, Math.abs(row[i]));
        }
        float step = greatest / 127;
        into.int16(Float.floatToFloat16(step));
        for (int i = begin; i < begin + 32; i++) {
            into.write(Math.round(row[i] / step));
        }
    }

    /** Little-endian. */
    private static final class Bytes extends ByteArrayOutputStream {
        void int16(short value) {
            writeBytes(buffer(2).putShort(value).array());
        }

        void int32(int value) {
            writeBytes(buffer(4).putInt(value).array());
        }

        void int64(long value) {
            writeBytes(buffer(8).putLong(value).array());
        }

        void text(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            int64(utf8.length);
            writeBytes(utf8);
        }

        void pad(int alignment) {
            while (size() % alignment != 0) {
                write(0);
            }
        }

        private static ByteBuffer buffer(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
