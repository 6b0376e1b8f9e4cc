package io.tern.decoding.gguf;

import io.tern.base.TernException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF file (version 2 or 3, little-endian), mapped read-only. Safe for use by many threads; metadata and tensors are
 * views of the file, so that they end with {@link #close}.
 */
public final class GgufFile implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;

    private GgufFile(FileChannel channel) throws IOException {
        try {
            GgufParser parser = new GgufParser(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
            this.metadata = parser.metadata();
            this.tensors = parser.tensors();
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Reads the headers; tensors are read when asked for.
     *
     * @throws TernException INVALID_ARGUMENT with what was found and what was expected
     * @throws IOException if the file cannot be read
     */
    public static GgufFile open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new GgufFile(channel);
        }
    }

    public GgufMetadata metadata() {
        return metadata;
    }

    /** In the order of the file, by name. */
    public Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /** @throws TernException INVALID_ARGUMENT if the file has no such tensor */
    public GgufTensor tensor(String name) {
        @Nullable GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw TernException.invalid("GGUF tensor " + name, "absent", "present");
        }
        return tensor;
    }

    public Optional<GgufTensor> findTensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
