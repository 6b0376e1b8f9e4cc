package io.tern.generation.graph;

import io.tern.onnx.Session;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Graphs that models have in common, as a distilled model has text encoder and autoencoder of its teacher: equal files are
 * loaded once, and closed with the last model that has them. Safe for many threads.
 */
final class SharedGraphs {
    private final Map<String, Shared> shared = new HashMap<>(); // guarded by this

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
    synchronized GraphLease lease(Path graph, Supplier<Session> loader) {
        String sha256 = Graphs.sha256(graph.resolveSibling(""));
        Shared found = shared.computeIfAbsent(sha256, _ -> new Shared(loader.get()));
        found.leases++;
        return new GraphLease(found.session, () -> release(sha256, found));
    }

    private synchronized void release(String sha256, Shared released) {
        if (--released.leases == 0) {
            shared.remove(sha256);
            released.session.close();
        }
    }
}
