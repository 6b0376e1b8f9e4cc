package io.tern.decoding.convert;

import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.decoding.safetensors.SafetensorsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a model comes from: a GGUF file, or a folder with config.json and safetensors.
 *
 * @param sha256 of the file; of a folder one over the hashes of its weights
 * @param key what a conversion depends on: for a folder of its config.json, too
 */
public record ModelSource(Path path, String sha256, String key) {
    /** A GGUF file whose hash is known. */
    public static ModelSource gguf(Path file, String sha256) {
        return new ModelSource(file, sha256, sha256);
    }

    /**
     * Reads all that is there once, for its hash.
     *
     * @throws TernException INVALID_ARGUMENT for a folder without weights
     */
    public static ModelSource of(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return gguf(path, Sha256.of(path));
        }
        List<String> hashes = new ArrayList<>();
        for (Path file : SafetensorsFolder.files(path)) {
            hashes.add(Sha256.of(file));
        }
        String weights = hashes.size() == 1 ? hashes.getFirst() : Sha256.of(String.join("\n", hashes));
        Path config = path.resolve(FolderCheckpoint.CONFIG);
        TernException.require(Files.isRegularFile(config), "path", path, "a folder with " + FolderCheckpoint.CONFIG);
        return new ModelSource(path, weights, Sha256.of(weights + Sha256.of(config)));
    }

    public boolean isFolder() {
        return Files.isDirectory(path);
    }

    /**
     * How many tokens the model knows; reads headers alone.
     *
     * @throws TernException INVALID_ARGUMENT for a file that is broken or of a kind that is not built
     */
    public int vocabularySize() throws IOException {
        try (DecoderCheckpoint checkpoint = open()) {
            return checkpoint.design().shape().vocabulary();
        }
    }

    /** @throws TernException INVALID_ARGUMENT for a file that is broken or of a kind that is not built */
    DecoderCheckpoint open() throws IOException {
        return isFolder() ? FolderCheckpoint.open(path) : GgufCheckpoint.open(path);
    }
}
