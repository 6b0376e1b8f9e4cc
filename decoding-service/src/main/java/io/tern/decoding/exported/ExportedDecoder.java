package io.tern.decoding.exported;

import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.catalogue.ModelGate;
import io.tern.decoding.convert.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder with a decoder's graph, and what the files beside the graph say of it.
 *
 * @param graph has passed the gate
 * @param context most tokens of a text
 * @param sizes of keys and values; what the folder does not say is in the graph
 * @param precision that was asked for; empty: any
 * @param sha256 over the hashes of the graph and its external data, lower-case hex
 */
public record ExportedDecoder(
        Path folder, Path graph, GraphNames names, int context, KvSizes sizes, String precision, String sha256) {
    /** Where optimum and others put graphs. */
    private static final List<String> PLACES = List.of("", "onnx");

    /**
     * Empty for a folder without a graph, and for one that has the checkpoint beside it, which can be converted.
     *
     * @param precision which of several graphs; empty: the one that is served without a choice
     * @throws TernException INVALID_ARGUMENT for a folder whose files are broken, or of a kind that is not run
     */
    public static Optional<ExportedDecoder> find(Path folder, String precision) throws IOException {
        if (!Files.isDirectory(folder)
                || Files.exists(folder.resolve("model.safetensors"))
                || Files.exists(folder.resolve("model.safetensors.index.json"))) {
            return Optional.empty();
        }
        if (Files.exists(folder.resolve(GenaiConfig.FILE))) {
            GenaiConfig config = GenaiConfig.read(folder);
            return Optional.of(of(folder, config.graph(), config.names(), config.context(), config.sizes(), precision));
        }
        for (String place : PLACES) {
            Optional<Path> graph = OptimumFolder.graph(folder.resolve(place), precision);
            if (graph.isPresent()) {
                int context = OptimumFolder.context(folder);
                return Optional.of(of(folder, graph.get(), GraphNames.COMMON, context, KvSizes.UNKNOWN, precision));
            }
        }
        return Optional.empty();
    }

    private static ExportedDecoder of(
            Path folder, Path graph, GraphNames names, int context, KvSizes sizes, String precision)
            throws IOException {
        List<String> hashes = new ArrayList<>();
        for (Path file : ModelGate.files(graph)) {
            hashes.add(Sha256.of(file));
        }
        return new ExportedDecoder(
                folder, graph, names, context, sizes, precision, Sha256.of(String.join("\n", hashes)));
    }

    /** For whoever reads the texts' files beside it. */
    public ModelSource source() {
        return new ModelSource(folder, sha256, sha256);
    }
}
