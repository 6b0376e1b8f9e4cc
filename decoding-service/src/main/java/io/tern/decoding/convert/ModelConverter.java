package io.tern.decoding.convert;

import io.tern.base.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One conversion: streams tensor by tensor from the mapped file, so that memory holds one matrix at a time. */
final class ModelConverter {
    /** Part of the cache's key: to be raised when the same file would give another model. */
    static final int VERSION = 7;

    private ModelConverter() {}

    /** Writes model, weights and manifest into an empty folder. */
    static void convert(DecoderCheckpoint checkpoint, Precision precision, Path folder) throws IOException {
        convert(checkpoint, precision, null, folder);
    }

    /** @param kvScales with which keys and values are kept as int8; null: as they are */
    static void convert(DecoderCheckpoint checkpoint, Precision precision, @Nullable KvScales kvScales, Path folder)
            throws IOException {
        OnnxGraph graph = new OnnxGraph("decoder", ConvertedModel.WEIGHT_FILE, precision.numbers());
        Map<String, String> hashes = new LinkedHashMap<>();
        try (WeightFile weights = new WeightFile(folder.resolve(ConvertedModel.WEIGHT_FILE))) {
            WeightFormat format = precision.format(graph, weights);
            new DecoderGraph(checkpoint, graph, weights, format, ConvertedModel.SLOT_COUNTS, kvScales).build();
            hashes.put(ConvertedModel.WEIGHT_FILE, weights.finish());
        }
        write(folder, ConvertedModel.INDEX_FILE, WeightIndex.write(graph.weights()), hashes);
        for (int slots : ConvertedModel.SLOT_COUNTS) {
            byte[] model = graph.toModel(slots, metadata(checkpoint, precision));
            write(folder, ConvertedModel.fileName(slots), model, hashes);
        }
        Manifest.write(folder, hashes);
    }

    private static void write(Path folder, String name, byte[] bytes, Map<String, String> hashes) throws IOException {
        Files.write(folder.resolve(name), bytes);
        hashes.put(name, Sha256.of(bytes));
    }

    private static Map<String, String> metadata(DecoderCheckpoint checkpoint, Precision precision) {
        DecoderShape shape = checkpoint.design().shape();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("tern.converter", Integer.toString(VERSION));
        metadata.put("tern.precision", precision.wireName());
        metadata.put(ConvertedModel.CONTEXT_PROPERTY, Integer.toString(shape.context()));
        metadata.put(ConvertedModel.VOCABULARY_PROPERTY, Integer.toString(shape.vocabulary()));
        return metadata;
    }
}
