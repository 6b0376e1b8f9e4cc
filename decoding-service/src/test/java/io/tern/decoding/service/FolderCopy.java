package io.tern.decoding.service;

import io.tern.decoding.safetensors.NumberType;
import io.tern.decoding.safetensors.SafetensorsFolder;
import io.tern.decoding.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Copies a tiny checkpoint with some changes.
 *
 * @param noise standard deviation of what is added to each weight
 * @param vocabulary rows of the embedding, of which those that the original does not have are large numbers by chance
 */
record FolderCopy(Path original, double noise, int vocabulary) {
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final double LARGE = 10;

    Path to(Path folder) throws IOException {
        Files.createDirectory(folder);
        Files.copy(original.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        String config = Files.readString(original.resolve("config.json"));
        Files.writeString(
                folder.resolve("config.json"),
                config.replaceFirst("\"vocab_size\": \\d+", "\"vocab_size\": " + vocabulary));
        Random random = new Random(1);
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFolder weights = SafetensorsFolder.open(original)) {
            weights.tensors().forEach((name, tensor) -> {
                int columns = tensor.columns();
                int rows = name.equals(EMBEDDING) ? vocabulary : (int) tensor.rows();
                float[] values = new float[rows * columns];
                float[] row = new float[columns];
                for (int i = 0; i < rows; i++) {
                    boolean own = i < tensor.rows();
                    if (own) {
                        tensor.dequantizeRow(i, row);
                    }
                    for (int j = 0; j < columns; j++) {
                        double chance = random.nextGaussian();
                        values[i * columns + j] = (float) (own ? row[j] + noise * chance : LARGE * chance);
                    }
                }
                long[] shape = tensor.shape().rank() == 1 ? new long[] {columns} : new long[] {rows, columns};
                writer.tensor(name, NumberType.F32, shape, values);
            });
        }
        writer.writeTo(folder.resolve("model.safetensors"));
        return folder;
    }
}
