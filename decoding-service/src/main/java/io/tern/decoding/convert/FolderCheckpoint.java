package io.tern.decoding.convert;

import io.tern.base.TernException;
import io.tern.decoding.checkpoint.JsonFile;
import io.tern.decoding.checkpoint.WeightTensor;
import io.tern.decoding.safetensors.SafetensorsFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A decoder in a folder of Hugging Face: config.json and safetensors. */
final class FolderCheckpoint implements DecoderCheckpoint {
    static final String CONFIG = "config.json";

    private final SafetensorsFolder weights;
    private final DecoderFamily family;
    private final DecoderDesign design;
    private final FolderNames folderNames;
    private final Map<String, WeightTensor> tensors = new HashMap<>();

    private FolderCheckpoint(JsonNode config, SafetensorsFolder weights) {
        this.weights = weights;
        this.family = DecoderFamily.ofModelType(config.path("model_type").asString(""));
        this.design = family.design(new ConfigSettings(config));
        this.folderNames = new FolderNames(design.postNorms());
        boolean tied = config.path("tie_word_embeddings").asBoolean(family.tiedByDefault());
        weights.tensors().forEach((name, tensor) -> {
            if (!folderNames.isIgnored(name, tied)) {
                tensors.put(folderNames.canonical(name), tensor);
            }
        });
        TernException.require(
                tied || tensors.containsKey(FolderNames.HEAD),
                label(FolderNames.HEAD),
                "absent",
                "present, as the head is not tied to the embedding");
    }

    /** @throws TernException INVALID_ARGUMENT for a file that is broken or of a kind that is not built */
    static FolderCheckpoint open(Path folder) throws IOException {
        JsonNode config = JsonFile.read(folder.resolve(CONFIG));
        SafetensorsFolder weights = SafetensorsFolder.open(folder);
        try {
            return new FolderCheckpoint(config, weights);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    @Override
    public DecoderDesign design() {
        return design;
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public Optional<WeightTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public String label(String name) {
        return "safetensors tensor " + folderNames.own(name);
    }

    @Override
    public boolean interleavedRotaryRows() {
        return false;
    }

    @Override
    public float normOffset() {
        return family.normOffset();
    }

    @Override
    public void close() {
        weights.close();
    }
}
