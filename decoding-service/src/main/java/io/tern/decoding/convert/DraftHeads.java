package io.tern.decoding.convert;

import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.decoding.safetensors.SafetensorsFile;
import io.tern.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Draft heads of a target: from safetensors to graphs that ONNX Runtime can load, kept like converted models. */
public final class DraftHeads {
    static final String VOCABULARY = "draft_vocab";
    private static final String TREE = "tree";

    private DraftHeads() {}

    /** What graph to make of a file. */
    public sealed interface Head {
        /** All heads of a file in one graph. */
        record Medusa() implements Head {}

        /** @param prefix of the layer's tensors, {@code ""} or {@code "0."} */
        record Layer(String prefix, int positions) implements Head {}
    }

    /** The ids that the heads of a file can propose, ascending. */
    public static int[] vocabulary(Path file, int vocabularySize) throws IOException {
        try (SafetensorsFile heads = SafetensorsFile.open(file)) {
            return vocabulary(heads, vocabularySize);
        }
    }

    /** The same of a file that need not name any: empty if it does not. */
    public static int[] vocabularyOrAll(Path file, int vocabularySize) throws IOException {
        try (SafetensorsFile heads = SafetensorsFile.open(file)) {
            return vocabularyOrAll(heads, vocabularySize);
        }
    }

    static int[] vocabularyOrAll(SafetensorsFile heads, int vocabularySize) {
        return heads.tensors().containsKey(VOCABULARY) ? vocabulary(heads, vocabularySize) : new int[0];
    }

    private static int[] vocabulary(SafetensorsFile heads, int vocabularySize) {
        int[] ids = integers(heads, VOCABULARY);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabularySize || (i > 0 && ids[i] <= ids[i - 1])) {
                throw TernException.invalid(VOCABULARY, ids[i], "ascending ids 0.." + (vocabularySize - 1));
            }
        }
        return ids;
    }

    /**
     * The nodes of a Medusa tree in the order of their use, each as the ranks of the tokens on its path.
     *
     * @throws TernException INVALID_ARGUMENT if the file has none
     */
    public static List<List<Integer>> tree(Path file) throws IOException {
        try (SafetensorsFile heads = SafetensorsFile.open(file)) {
            int[] ranks = integers(heads, TREE);
            int depth = tensor(heads, TREE).columns();
            List<List<Integer>> paths = new ArrayList<>();
            for (int begin = 0; begin < ranks.length; begin += depth) {
                paths.add(Arrays.stream(ranks, begin, begin + depth)
                        .filter(rank -> rank >= 0)
                        .boxed()
                        .toList());
            }
            return paths;
        }
    }

    /**
     * The graph of a head: takes a second the first time.
     *
     * @param target whose output matrix is the heads', too
     * @throws TernException INVALID_ARGUMENT for a file that does not fit the target
     */
    public static ConvertedModel convert(
            ConversionCache cache, Head head, Path file, ModelSource target, Precision precision) throws IOException {
        String sha256 = Sha256.of(file);
        String name = Sha256.of(sha256 + target.key() + head) + "-head-" + precision.wireName() + "-"
                + ModelConverter.VERSION;
        Path folder = cache.folder(name, unfinished -> {
            try (SafetensorsFile heads = SafetensorsFile.open(file);
                    DecoderCheckpoint model = target.open()) {
                WeightTensor output =
                        model.find(DecoderTensors.HEAD).orElseGet(() -> model.tensor(DecoderTensors.EMBEDDING));
                HeadGraphs.write(head, heads, output, precision, unfinished);
            }
        });
        return new ConvertedModel(folder, sha256);
    }

    /** @throws TernException INVALID_ARGUMENT if it is absent or of another shape */
    static WeightTensor tensor(SafetensorsFile file, String name, long... shape) {
        WeightTensor tensor = file.tensors().get(name);
        if (tensor == null || (shape.length > 0 && !tensor.shape().equals(Shape.of(shape)))) {
            throw TernException.invalid(
                    "safetensors tensor " + name,
                    tensor == null ? "absent" : tensor.shape(),
                    shape.length > 0 ? Shape.of(shape).toString() : "present");
        }
        return tensor;
    }

    /** Whole numbers, row by row, which the file keeps as float32. */
    static int[] integers(SafetensorsFile file, String name) {
        WeightTensor tensor = tensor(file, name);
        int columns = tensor.columns();
        float[] row = new float[columns];
        int[] all = new int[Math.toIntExact(tensor.rows() * columns)];
        for (int i = 0; i < tensor.rows(); i++) {
            tensor.dequantizeRow(i, row);
            for (int j = 0; j < columns; j++) {
                all[i * columns + j] = (int) row[j];
            }
        }
        return all;
    }
}
