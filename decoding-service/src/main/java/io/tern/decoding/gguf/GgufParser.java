package io.tern.decoding.gguf;

import io.tern.base.TernException;
import io.tern.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the headers of a file: magic, version, counts, key-value pairs, tensor descriptions. Values stay in the file;
 * only names and positions are kept, so that a small file cannot ask for much memory.
 */
final class GgufParser {
    private static final int MAGIC = 0x46554747; // "GGUF", little-endian
    private static final int MAX_KEYS = 1 << 16;
    private static final int MAX_TENSORS = 1 << 16;
    private static final int MAX_KEY_BYTES = 1 << 16;
    private static final int MAX_NAME_BYTES = 256;
    private static final int MAX_DIMENSIONS = 4;
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MAX_ALIGNMENT = 1 << 20;
    /** A description of a tensor or a key with its value has at least so many bytes. */
    private static final int LEAST_ENTRY_BYTES = 13;

    private final MemorySegment bytes;
    private final Cursor cursor;
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;

    GgufParser(MemorySegment bytes) {
        this.bytes = bytes;
        this.cursor = new Cursor(bytes, 0);
        int magic = cursor.readInt("magic");
        if (magic != MAGIC) {
            throw TernException.invalid("GGUF magic", "0x%08x".formatted(magic), "0x46554747, a GGUF file");
        }
        int version = cursor.readInt("version");
        if (version != 2 && version != 3) {
            throw TernException.invalid("GGUF version", Integer.toUnsignedString(version), "2 or 3, little-endian");
        }
        int tensorCount = readEntryCount("tensor count", MAX_TENSORS);
        int keyCount = readEntryCount("key count", MAX_KEYS);
        this.metadata = readMetadata(keyCount);
        this.tensors = readTensors(tensorCount, alignment(metadata));
    }

    GgufMetadata metadata() {
        return metadata;
    }

    /** In the order of the file. */
    Map<String, GgufTensor> tensors() {
        return tensors;
    }

    private int readEntryCount(String what, int max) {
        long count = cursor.readCount(what, max);
        if (count > cursor.remaining() / LEAST_ENTRY_BYTES) {
            throw TernException.invalid(
                    "GGUF " + what, count, "no more than fit into the " + cursor.remaining() + " bytes left");
        }
        return Math.toIntExact(count);
    }

    private GgufMetadata readMetadata(int count) {
        Map<String, GgufMetadata.Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = cursor.readText("key", MAX_KEY_BYTES);
            GgufMetadata.Entry entry = readEntry(key);
            if (entries.put(key, entry) != null) {
                throw TernException.invalid("GGUF key " + key, "twice", "once");
            }
        }
        return new GgufMetadata(bytes, entries);
    }

    private GgufMetadata.Entry readEntry(String key) {
        ValueType type = ValueType.of(cursor.readInt("type of " + key), key);
        ValueType elements = type == ValueType.ARRAY ? ValueType.of(cursor.readInt("type of " + key), key) : type;
        if (elements == ValueType.ARRAY) {
            throw TernException.invalid("GGUF value of " + key, "an array of arrays", "a value or an array of values");
        }
        long count = type == ValueType.ARRAY ? cursor.readCount("length of " + key, Integer.MAX_VALUE) : 1;
        long begin = cursor.position();
        if (elements == ValueType.STRING) {
            for (long i = 0; i < count; i++) {
                cursor.skipText(key, GgufMetadata.MAX_TEXT_BYTES);
            }
        } else {
            cursor.advance("value of " + key, count * elements.sizeBytes());
        }
        return new GgufMetadata.Entry(type == ValueType.ARRAY, elements, Math.toIntExact(count), begin);
    }

    private static int alignment(GgufMetadata metadata) {
        String key = "general.alignment";
        if (!metadata.has(key)) {
            return DEFAULT_ALIGNMENT;
        }
        int alignment = metadata.whole(key, 1, MAX_ALIGNMENT);
        if (Integer.bitCount(alignment) != 1) {
            throw TernException.invalid("GGUF " + key, alignment, "a power of two");
        }
        return alignment;
    }

    private Map<String, GgufTensor> readTensors(int count, int alignment) {
        Map<String, Description> descriptions = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Description description = readDescription(alignment);
            if (descriptions.put(description.name, description) != null) {
                throw TernException.invalid("GGUF tensor " + description.name, "twice", "once");
            }
        }
        long begin = (cursor.position() + alignment - 1) & -(long) alignment;
        Map<String, GgufTensor> tensors = new LinkedHashMap<>(HashMap.newHashMap(count));
        descriptions.values().forEach(tensor -> tensors.put(tensor.name, tensor.in(bytes, begin)));
        return Collections.unmodifiableMap(tensors);
    }

    private Description readDescription(int alignment) {
        String name = cursor.readText("tensor name", MAX_NAME_BYTES);
        int rank = cursor.readInt("rank of " + name);
        if (rank < 1 || rank > MAX_DIMENSIONS) {
            throw TernException.invalid("GGUF rank of " + name, Integer.toUnsignedString(rank), "1.." + MAX_DIMENSIONS);
        }
        long[] dimensions = new long[rank];
        for (int axis = rank - 1; axis >= 0; axis--) { // the file has the innermost first
            dimensions[axis] = cursor.readCount("dimension of " + name, Integer.MAX_VALUE);
            if (dimensions[axis] == 0) {
                throw TernException.invalid("GGUF dimension of " + name, 0, "at least 1");
            }
        }
        BlockType type = BlockType.of(cursor.readInt("type of " + name), name);
        long offset = cursor.readCount("offset of " + name, Long.MAX_VALUE / 2);
        if (offset % alignment != 0) {
            throw TernException.invalid("GGUF offset of " + name, offset, "a multiple of " + alignment);
        }
        return new Description(name, Shape.of(dimensions), type, offset);
    }

    /** @param shape outermost dimension first */
    private record Description(String name, Shape shape, BlockType type, long offset) {
        GgufTensor in(MemorySegment file, long begin) {
            long available = Math.max(0, file.byteSize() - begin);
            long sizeBytes = sizeBytes();
            if (offset > available || sizeBytes > available - offset) {
                throw TernException.invalid(
                        "GGUF tensor " + name,
                        sizeBytes + " bytes at " + offset,
                        "inside the " + available + " bytes of tensor data");
            }
            return new GgufTensor(name, shape, type, file.asSlice(begin + offset, sizeBytes));
        }

        private long sizeBytes() {
            long columns = shape.dimension(shape.rank() - 1);
            if (columns % type.elements() != 0) {
                throw TernException.invalid(
                        "GGUF row of " + name, columns, "a multiple of " + type.elements() + " for " + type);
            }
            try {
                return Math.multiplyExact(shape.size() / type.elements(), type.sizeBytes());
            } catch (ArithmeticException e) {
                throw TernException.invalid("GGUF shape of " + name, shape, "fewer than 2^63 bytes of data");
            }
        }
    }
}
