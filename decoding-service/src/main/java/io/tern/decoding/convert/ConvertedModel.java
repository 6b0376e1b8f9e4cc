package io.tern.decoding.convert;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A model on disk that ONNX Runtime can load.
 *
 * @param folder holds the model, its weights and their hashes; facts measured about it may be kept there too
 * @param sourceSha256 of the GGUF file, lower-case hex
 */
public record ConvertedModel(Path folder, String sourceSha256) {
    static final String MODEL_FILE = "model.onnx";
    static final String WEIGHT_FILE = "model.weights";
    static final String CONTEXT_PROPERTY = "tern.context";

    public Path model() {
        return folder.resolve(MODEL_FILE);
    }

    /** Most positions, as the model's own properties say. */
    public static int contextLength(Map<String, String> properties) {
        return Integer.parseInt(Objects.requireNonNull(properties.get(CONTEXT_PROPERTY), CONTEXT_PROPERTY));
    }
}
