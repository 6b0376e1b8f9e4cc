package io.tern.decoding.gguf;

import io.tern.base.TernException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A position in the file; each read is checked against its end first. */
final class Cursor {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment bytes;
    private long position;

    Cursor(MemorySegment bytes, long position) {
        this.bytes = bytes;
        this.position = position;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    int readInt(String what) {
        return bytes.get(INT, advance(what, Integer.BYTES));
    }

    long readLong(String what) {
        return bytes.get(LONG, advance(what, Long.BYTES));
    }

    /** An unsigned 64-bit count of at most {@code max}. */
    long readCount(String what, long max) {
        long count = readLong(what);
        if (count < 0 || count > max) {
            throw TernException.invalid("GGUF " + what, Long.toUnsignedString(count), "at most " + max);
        }
        return count;
    }

    /** Text of at most {@code maxBytes}; bytes that are no UTF-8 become U+FFFD. */
    String readText(String what, int maxBytes) {
        int length = Math.toIntExact(readCount("length of " + what, maxBytes));
        byte[] text = new byte[checkedLength(what, length)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, text, 0, length);
        position += length;
        return new String(text, StandardCharsets.UTF_8);
    }

    void skipText(String what, int maxBytes) {
        advance(what, readCount("length of " + what, maxBytes));
    }

    /** Moves on by {@code length} bytes and returns where they begin. */
    long advance(String what, long length) {
        checkedLength(what, length);
        long begin = position;
        position += length;
        return begin;
    }

    private int checkedLength(String what, int length) {
        checkedLength(what, (long) length);
        return length;
    }

    private void checkedLength(String what, long length) {
        if (length > remaining()) {
            throw TernException.invalid(
                    "GGUF " + what,
                    "cut short at byte " + position,
                    length + " more bytes, but " + remaining() + " are left");
        }
    }
}
