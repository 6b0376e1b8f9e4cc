package io.tern.generation.pipeline;

import io.tern.base.Sha256;
import io.tern.onnx.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Graphs that models have in common, as a distilled model has text encoder and autoencoder of its teacher: equal files are
 * loaded once, and closed with the last model that has them. Safe for many threads.
 */
final class SharedGraphs {
    private final Map<String, Shared> shared = new HashMap<>(); // guarded by this

    /** One model's hold of a graph. */
    record Lease(Session session, Runnable release) implements AutoCloseable {
        /** Once; the session's bindings of this model are closed before. */
        @Override
        public void close() {
            release.run();
        }
    }

    private static final class Shared {
        private final Session session;
        private int leases;

        Shared(Session session) {
            this.session = session;
        }
    }

    /**
     * @param graph a file; what lies beside it are its weights
     * @param loader is asked if no equal one is open
     */
    synchronized Lease lease(Path graph, Supplier<Session> loader) {
        String sha256 = sha256(graph.resolveSibling(""));
        Shared found = shared.computeIfAbsent(sha256, _ -> new Shared(loader.get()));
        found.leases++;
        return new Lease(found.session, () -> release(sha256, found));
    }

    private synchronized void release(String sha256, Shared released) {
        if (--released.leases == 0) {
            shared.remove(sha256);
            released.session.close();
        }
    }

    /** Of a graph and the weights beside it: of the one file, or of the names and hashes of several. */
    static String sha256(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(file ->
                            Files.isRegularFile(file) && !file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            if (files.size() == 1) {
                return Sha256.of(files.getFirst());
            }
            StringBuilder hashes = new StringBuilder();
            for (Path file : files) {
                hashes.append(Sha256.of(file))
                        .append("  ")
                        .append(file.getFileName())
                        .append('\n');
            }
            return Sha256.of(hashes.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
    }
}
