package io.tern.decoding.service;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.catalogue.ModelGate;
import io.tern.catalogue.OnnxGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decoders that other tools have exported as ONNX graphs, which are not run: they are refused by what they look like. */
final class ExportedGraph {
    /** An error travels in a header. */
    private static final int MOST_NAMES = 8;
    /** Where optimum and onnxruntime-genai put it. */
    private static final List<String> PLACES = List.of("", "onnx");

    private ExportedGraph() {}

    /** @throws TernException INVALID_ARGUMENT for a folder whose weights are an ONNX graph, with its inputs and outputs */
    static void refuse(Path folder) throws IOException {
        if (Files.exists(folder.resolve("model.safetensors"))
                || Files.exists(folder.resolve("model.safetensors.index.json"))) {
            return;
        }
        Optional<Path> graph = find(folder);
        if (graph.isPresent()) {
            ModelGate.check(graph.get());
            OnnxGraph read = OnnxGraph.read(graph.get());
            String found = "%s, an ONNX graph with inputs %s and outputs %s"
                    .formatted(folder.relativize(graph.get()), shortened(read.inputs()), shortened(read.outputs()));
            throw new TernException(
                    ErrorCode.INVALID_ARGUMENT,
                    "path: " + found + " (expected: a GGUF file, or a folder with config.json and safetensors, of which"
                            + " a graph is made)",
                    "path",
                    null);
        }
    }

    private static Optional<Path> find(Path folder) throws IOException {
        for (String place : PLACES) {
            Path inside = folder.resolve(place);
            if (!Files.isDirectory(inside)) {
                continue;
            }
            try (Stream<Path> files = Files.list(inside)) {
                Optional<Path> first = files.filter(file -> file.toString().endsWith(".onnx"))
                        .sorted()
                        .findFirst();
                if (first.isPresent()) {
                    return first;
                }
            }
        }
        return Optional.empty();
    }

    private static String shortened(List<String> names) {
        return names.size() <= MOST_NAMES
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_NAMES)) + " and " + (names.size() - MOST_NAMES) + " more";
    }
}
