package io.tern.imaging.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads numbers from a file in memory; whatever lies past its end is a truncated picture. One thread's. */
public final class ByteCursor {
    private static final VarHandle BIG_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LITTLE_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final boolean bigEndian;
    private final int end;
    private int position;

    private ByteCursor(byte[] bytes, int from, int end, boolean bigEndian) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
        this.bigEndian = bigEndian;
    }

    public static ByteCursor bigEndian(byte[] bytes) {
        return new ByteCursor(bytes, 0, bytes.length, true);
    }

    public static ByteCursor littleEndian(byte[] bytes) {
        return new ByteCursor(bytes, 0, bytes.length, false);
    }

    /** The next {@code length} bytes on their own; this cursor does not move. */
    public ByteCursor slice(long length) throws PictureException {
        require(length);
        return new ByteCursor(bytes, position, position + (int) length, bigEndian);
    }

    public ByteCursor withOrder(ByteOrder order) {
        return new ByteCursor(bytes, position, end, order == ByteOrder.BIG_ENDIAN);
    }

    public byte[] array() {
        return bytes;
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return end - position;
    }

    public void skip(long count) throws PictureException {
        require(count);
        position += (int) count;
    }

    public int u8() throws PictureException {
        require(1);
        return bytes[position++] & 0xff;
    }

    public int u16() throws PictureException {
        int first = u8();
        int second = u8();
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    public int s32() throws PictureException {
        require(4);
        int value = (int) (bigEndian ? BIG_INT : LITTLE_INT).get(bytes, position);
        position += 4;
        return value;
    }

    public long u32() throws PictureException {
        return Integer.toUnsignedLong(s32());
    }

    /** Four characters, such as a chunk's type. */
    public String tag() throws PictureException {
        require(4);
        position += 4;
        return new String(bytes, position - 4, 4, ISO_8859_1);
    }

    private void require(long count) throws PictureException {
        if (count < 0 || count > remaining()) {
            throw PictureException.truncated();
        }
    }
}
