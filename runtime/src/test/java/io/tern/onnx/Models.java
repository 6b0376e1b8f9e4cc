package io.tern.onnx;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The test models, written by models/golden/runtime_models.py. */
final class Models {
    static final Path AFFINE = path("affine.onnx");
    static final Path TYPES = path("types.onnx");
    static final Path ACCUMULATE = path("accumulate.onnx");
    static final Path LOOP = path("loop.onnx");
    static final Path NONZERO = path("nonzero.onnx");
    static final Path HUNGRY = path("hungry.onnx");
    static final Path ANY_SHAPE = path("any_shape.onnx");
    static final Path STRINGS = path("strings.onnx");
    static final Path WORDS = path("words.onnx");
    static final Path SEQUENCE = path("sequence.onnx");
    static final Path SHARED = path("shared.onnx");
    static final Path SHARED_WEIGHTS = path("shared.weights");

    private Models() {}

    static byte[] bytes(Path model) {
        try {
            return Files.readAllBytes(model);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Path path(String name) {
        try {
            return Path.of(Models.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
