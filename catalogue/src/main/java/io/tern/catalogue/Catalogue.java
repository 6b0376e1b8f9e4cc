package io.tern.catalogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The list of models in {@code models/catalogue.json}. */
public record Catalogue(List<ModelEntry> models) {
    public Catalogue {
        models = List.copyOf(models);
        Set<String> ids = new HashSet<>();
        for (ModelEntry model : models) {
            if (!ids.add(model.id())) {
                throw new IllegalArgumentException("id: " + model.id() + " stands twice (expected: once)");
            }
        }
    }

    /** @throws IllegalArgumentException if the file is not a catalogue; the message says what is wrong with it */
    public static Catalogue read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model catalogue " + file, e);
        }
    }

    static Catalogue parse(String json) {
        List<ModelEntry> models = new ArrayList<>();
        try {
            for (JsonNode model : JsonMapper.shared().readTree(json).required("models")) {
                models.add(model(model));
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("catalogue: " + e.getOriginalMessage(), e);
        }
        return new Catalogue(models);
    }

    /** Those that this service runs, the default one first. */
    public List<ModelEntry> of(String service) {
        return models.stream()
                .filter(model -> model.service().equals(service))
                .sorted((a, b) -> Boolean.compare(b.isDefault(), a.isDefault()))
                .toList();
    }

    private static ModelEntry model(JsonNode node) {
        List<String> capabilities = new ArrayList<>();
        node.required("capabilities").forEach(capability -> capabilities.add(capability.asString()));
        List<ModelFile> files = new ArrayList<>();
        node.required("files").forEach(file -> files.add(file(file)));
        return new ModelEntry(
                node.required("id").asString(),
                node.required("service").asString(),
                capabilities,
                node.required("default").asBoolean(),
                node.path("optional").asBoolean(false),
                node.required("licence").asString(),
                node.required("origin").asString(),
                sampling(node.path("sampling")),
                files);
    }

    private static SamplingAdvice sampling(JsonNode node) {
        return node.isMissingNode()
                ? SamplingAdvice.NONE
                : new SamplingAdvice(
                        node.required("temperature").asDouble(),
                        node.required("top_p").asDouble());
    }

    private static ModelFile file(JsonNode node) {
        return new ModelFile(
                node.required("path").asString(),
                Source.parse(node.required("source").asString()),
                node.required("sha256").asString(),
                node.required("size").asLong());
    }
}
