package io.tern.generation.pipeline;

import io.tern.base.TernException;
import io.tern.onnx.Session;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Loads the graphs of a folder. */
final class Graphs {
    private Graphs() {}

    /**
     * @param check refuses a signature that does not fit
     * @throws TernException if the file is missing, no graph, or refused
     */
    static SharedGraphs.Lease load(Path folder, String name, Inference inference, Consumer<GraphFile> check) {
        Path file = ConfigFile.requireFile(folder, name);
        SharedGraphs.Lease lease = inference.graphs().lease(file, () -> load(file, name, inference));
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
}
