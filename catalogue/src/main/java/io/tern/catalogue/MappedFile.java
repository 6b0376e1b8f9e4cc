package io.tern.catalogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads a model file where it lies: it is mapped, and nothing of it is copied. */
final class MappedFile {
    private MappedFile() {}

    /** What is made of the bytes, which are little-endian and gone when it returns. */
    @FunctionalInterface
    interface Reading<T> {
        T of(ByteBuffer bytes) throws IOException;
    }

    /**
     * @param file of at most 2 GiB
     * @throws UncheckedIOException if it cannot be read
     */
    static <T> T read(Path file, Reading<T> reading) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            return reading.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)
                    .asByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model file " + file.getFileName(), e);
        }
    }
}
