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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A decoder in a folder of Hugging Face: config.json and safetensors. */
final class FolderCheckpoint implements DecoderCheckpoint {
    static final String CONFIG = "config.json";

    private final SafetensorsFolder weights;
    private final DecoderFamily family;
    private final DecoderDesign design;
    private final FolderNames folderNames;
    private final Map<String, WeightTensor> tensors;
    /** By the names of {@link #tensors}. */
    private final Map<String, String> ownNames = new HashMap<>();

    private FolderCheckpoint(JsonNode config, SafetensorsFolder weights) {
        this.weights = weights;
        this.family = DecoderFamily.ofModelType(config.path("model_type").asString(""));
        this.design = family.design(new ConfigSettings(decoder(config, family), family.refusedKeys()));
        this.folderNames = new FolderNames(design.blockNorms());
        Map<String, WeightTensor> named = new HashMap<>();
        boolean tied = config.path("tie_word_embeddings").asBoolean(family.tiedByDefault());
        weights.tensors().forEach((name, tensor) -> {
            if (!folderNames.isIgnored(name, tied)) {
                String canonical = folderNames.canonical(name);
                TernException.require(
                        named.put(canonical, tensor) == null,
                        "safetensors tensor " + name,
                        "beside " + ownNames.get(canonical),
                        "one of the two");
                ownNames.put(canonical, name);
            }
        });
        this.tensors = FusedTensors.split(named, design.shape());
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

    /** What concerns the decoder, of a model that sees pictures too, with what the family means by silence. */
    private static JsonNode decoder(JsonNode config, DecoderFamily family) {
        ObjectNode whole = JsonMapper.shared().valueToTree(family.configDefaults());
        JsonNode own = config.path("text_config").isObject() ? config.path("text_config") : config;
        own.forEachEntry(whole::set);
        return whole;
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
        return "safetensors tensor " + ownNames.getOrDefault(name, folderNames.own(name));
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
