package io.tern.decoding.safetensors;

import io.tern.base.TernException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;

/**
 * A safetensors file, mapped read-only. Safe for use by many threads; its tensors are views of the file, so that they end
 * with {@link #close}.
 */
public final class SafetensorsFile implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final Map<String, SafeTensor> tensors;

    private SafetensorsFile(FileChannel channel) throws IOException {
        try {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            this.tensors = Collections.unmodifiableMap(new SafetensorsParser(bytes).tensors());
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Reads the header; tensors are read when asked for.
     *
     * @throws TernException INVALID_ARGUMENT with what was found and what was expected
     * @throws IOException if the file cannot be read
     */
    public static SafetensorsFile open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new SafetensorsFile(channel);
        }
    }

    /** In the order of the header, by name. */
    public Map<String, SafeTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
