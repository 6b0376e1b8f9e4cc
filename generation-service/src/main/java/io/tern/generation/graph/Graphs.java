package io.tern.generation.graph;

import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.onnx.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Loads the graphs of a folder, and tells them apart by their content. */
public final class Graphs {
    /** Of a graph, in a folder of its own: what lies beside it are its weights. */
    public static final String FILE = "model.onnx";

    private Graphs() {}

    /**
     * @param check refuses a signature that does not fit
     * @throws TernException if the file is missing, no graph, or refused
     */
    public static GraphLease load(Path folder, String name, Inference inference, Consumer<GraphFile> check) {
        Path file = ConfigFile.requireFile(folder, name);
        GraphLease lease = inference.graphs().lease(file, () -> load(file, name, inference));
        try {
            check.accept(new GraphFile(name, lease.session().signature()));
            return lease;
        } catch (RuntimeException refused) {
            lease.close();
            throw refused;
        }
    }

    private static Session load(Path file, String name, Inference inference) {
        try {
            return inference.runtime().load(file, inference.config());
        } catch (TernException refused) {
            throw new TernException(refused.code(), name + ": " + refused.getMessage(), name, refused);
        }
    }

    /** Of a graph and the weights beside it: of the one file, or of the names and hashes of several. */
    public static String sha256(Path folder) {
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
