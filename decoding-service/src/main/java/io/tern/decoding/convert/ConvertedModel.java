package io.tern.decoding.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A model on disk that ONNX Runtime can load.
 *
 * @param folder holds the model, its weights and their hashes; facts measured about it may be kept there too
 * @param sourceSha256 of what it was made of, lower-case hex
 */
public record ConvertedModel(Path folder, String sourceSha256) {
    static final String MODEL_FILE = "model.onnx";
    static final String WEIGHT_FILE = "model.weights";
    static final String INDEX_FILE = "model.weights.tsv";
    static final String CONTEXT_PROPERTY = "tern.context";
    static final String VOCABULARY_PROPERTY = "tern.vocabulary";

    /** For how many sequences at once there is a model each: all between would cost more to load than they gain. */
    public static final List<Integer> SLOT_COUNTS = List.of(1, 2, 4, 8);

    /** For one sequence. */
    public Path model() {
        return model(1);
    }

    /** @param slots one of {@link #SLOT_COUNTS} */
    public Path model(int slots) {
        return folder.resolve(fileName(slots));
    }

    static String fileName(int slots) {
        return slots == 1 ? MODEL_FILE : "model-" + slots + ".onnx";
    }

    public Path weights() {
        return folder.resolve(WEIGHT_FILE);
    }

    public List<WeightIndex.Entry> weightIndex() throws IOException {
        return WeightIndex.read(folder.resolve(INDEX_FILE));
    }

    /** Most positions, as the model's own properties say. */
    public static int contextLength(Map<String, String> properties) {
        return number(properties, CONTEXT_PROPERTY);
    }

    /** How many tokens it reads; those that it tells of may be fewer. */
    public static int vocabularySize(Map<String, String> properties) {
        return number(properties, VOCABULARY_PROPERTY);
    }

    private static int number(Map<String, String> properties, String name) {
        return Integer.parseInt(Objects.requireNonNull(properties.get(name), name));
    }
}
