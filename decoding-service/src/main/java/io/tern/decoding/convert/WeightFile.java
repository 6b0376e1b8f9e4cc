package io.tern.decoding.convert;

import io.tern.base.Sha256;
import io.tern.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Weights beside the model, written once from front to back, each tensor at a multiple of 64 bytes (a cache line, as
 * vector kernels like it). Not safe for use by several threads.
 */
final class WeightFile implements AutoCloseable {
    private static final int ALIGNMENT_BYTES = 64;
    private static final int BUFFER_BYTES = 1 << 20;

    private final FileChannel channel;
    private final MessageDigest digest = Sha256.digest();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long flushed;
    private long tensorBegin;

    WeightFile(Path file) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Where a tensor lies. */
    record Range(long offset, long length) {}

    /** Begins a tensor. */
    void begin() throws IOException {
        while (position() % ALIGNMENT_BYTES != 0) {
            room(1).put((byte) 0);
        }
        tensorBegin = position();
    }

    void put(byte[] values) throws IOException {
        for (int done = 0; done < values.length; ) {
            int part = Math.min(values.length - done, BUFFER_BYTES);
            room(part).put(values, done, part);
            done += part;
        }
    }

    /** @param type {@code FLOAT32} or {@code FLOAT16}, to which values are rounded */
    void put(float[] values, ElementType type) throws IOException {
        switch (type) {
            case FLOAT32 -> put(values);
            case FLOAT16 -> putHalves(values);
            default -> throw new IllegalArgumentException("type: " + type + " (expected: FLOAT32 or FLOAT16)");
        }
    }

    private void putHalves(float[] values) throws IOException {
        for (float value : values) {
            room(Short.BYTES).putShort(Float.floatToFloat16(value));
        }
    }

    void put(float[] values) throws IOException {
        for (int done = 0; done < values.length; ) {
            int part = Math.min(values.length - done, BUFFER_BYTES / Float.BYTES);
            ByteBuffer target = room(part * Float.BYTES);
            target.asFloatBuffer().put(values, done, part);
            target.position(target.position() + part * Float.BYTES);
            done += part;
        }
    }

    /** Ends the tensor. */
    Range end() {
        return new Range(tensorBegin, position() - tensorBegin);
    }

    /** Writes out what is buffered and returns the hash of the whole file; nothing can be put after it. */
    String finish() throws IOException {
        flush();
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private long position() {
        return flushed + buffer.position();
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    private void flush() throws IOException {
        buffer.flip();
        digest.update(buffer.duplicate());
        flushed += buffer.remaining();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
