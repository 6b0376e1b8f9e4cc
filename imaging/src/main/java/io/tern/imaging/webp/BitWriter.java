package io.tern.imaging.webp;

import java.io.ByteArrayOutputStream;

/** Bits into bytes, the lowest bit of each first. */
final class BitWriter {
    private final ByteArrayOutputStream out;
    private long pending;
    private int pendingBits;

    BitWriter(int expectedBytes) {
        out = new ByteArrayOutputStream(expectedBytes);
    }

    /** @param count 0..32 lowest bits of {@code value}, whose others are zero */
    void write(long value, int count) {
        pending |= value << pendingBits;
        pendingBits += count;
        while (pendingBits >= 8) {
            out.write((int) pending);
            pending >>>= 8;
            pendingBits -= 8;
        }
    }

    /** Filled up with zeros to whole bytes. */
    byte[] toByteArray() {
        write(0, -pendingBits & 7);
        return out.toByteArray();
    }
}
