package io.tern.decoding.gguf;

import io.tern.base.TernException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The key-value pairs of a file, decoded when asked for. A value of another type, or out of the range that the caller
 * names, is refused as INVALID_ARGUMENT with its key.
 */
public final class GgufMetadata {
    static final int MAX_TEXT_BYTES = 1 << 24;

    private final MemorySegment bytes;
    private final Map<String, Entry> entries;

    GgufMetadata(MemorySegment bytes, Map<String, Entry> entries) {
        this.bytes = bytes;
        this.entries = entries;
    }

    /** Where a value lies; {@code type} is that of the elements if it is an array. */
    record Entry(boolean array, ValueType type, int count, long begin) {
        @Override
        public String toString() {
            return array ? "array of " + count + " " + type : type.toString();
        }
    }

    /** In the order of the file. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    public boolean has(String key) {
        return entries.containsKey(key);
    }

    public String text(String key) {
        Entry entry = single(key, "text", ValueType.STRING);
        return new Cursor(bytes, entry.begin).readText(key, MAX_TEXT_BYTES);
    }

    public boolean flag(String key) {
        return bytes.get(ValueLayout.JAVA_BYTE, single(key, "a boolean", ValueType.BOOL).begin) != 0;
    }

    /** A number of any type of the file. */
    public double real(String key) {
        Entry entry = entry(key);
        if (entry.array) {
            throw refused(key, entry, "a number");
        }
        return switch (entry.type) {
            case FLOAT32 -> bytes.get(Cursor.FLOAT, entry.begin);
            case FLOAT64 -> bytes.get(Cursor.DOUBLE, entry.begin);
            default -> wholeAt(key, entry, 0, "a number");
        };
    }

    /** A whole number in {@code min..max}. */
    public int whole(String key, int min, int max) {
        Entry entry = entry(key);
        if (entry.array) {
            throw refused(key, entry, "a whole number");
        }
        long value = wholeAt(key, entry, 0, "a whole number");
        if (value < min || value > max) {
            throw TernException.invalid("GGUF " + key, value, min + ".." + max);
        }
        return (int) value;
    }

    public List<String> texts(String key) {
        Entry entry = entry(key);
        if (!entry.array || entry.type != ValueType.STRING) {
            throw refused(key, entry, "an array of texts");
        }
        List<String> texts = new ArrayList<>(entry.count);
        Cursor cursor = new Cursor(bytes, entry.begin);
        for (int i = 0; i < entry.count; i++) {
            texts.add(cursor.readText(key, MAX_TEXT_BYTES));
        }
        return List.copyOf(texts);
    }

    /** An array of whole numbers, each cut to 32 bits. */
    public int[] wholes(String key) {
        Entry entry = entry(key);
        if (!entry.array) {
            throw refused(key, entry, "an array of whole numbers");
        }
        int[] values = new int[entry.count];
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) wholeAt(key, entry, i, "an array of whole numbers");
        }
        return values;
    }

    /** An array of float32. */
    public float[] reals(String key) {
        Entry entry = entry(key);
        if (!entry.array || entry.type != ValueType.FLOAT32) {
            throw refused(key, entry, "an array of float32");
        }
        float[] values = new float[entry.count];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.get(Cursor.FLOAT, entry.begin + (long) i * Float.BYTES);
        }
        return values;
    }

    private long wholeAt(String key, Entry entry, int index, String expected) {
        long at = entry.begin + (long) index * entry.type.sizeBytes();
        return switch (entry.type) {
            case UINT8 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, at));
            case INT8 -> bytes.get(ValueLayout.JAVA_BYTE, at);
            case UINT16 -> Short.toUnsignedLong(bytes.get(Cursor.SHORT, at));
            case INT16 -> bytes.get(Cursor.SHORT, at);
            case UINT32 -> Integer.toUnsignedLong(bytes.get(Cursor.INT, at));
            case INT32 -> bytes.get(Cursor.INT, at);
            case UINT64, INT64 -> bytes.get(Cursor.LONG, at);
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> throw refused(key, entry, expected);
        };
    }

    private Entry single(String key, String expected, ValueType type) {
        Entry entry = entry(key);
        if (entry.array || entry.type != type) {
            throw refused(key, entry, expected);
        }
        return entry;
    }

    Entry entry(String key) {
        @Nullable Entry entry = entries.get(key);
        if (entry == null) {
            throw TernException.invalid("GGUF " + key, "absent", "present");
        }
        return entry;
    }

    private static TernException refused(String key, Entry entry, String expected) {
        return TernException.invalid("GGUF " + key, entry, expected);
    }
}
