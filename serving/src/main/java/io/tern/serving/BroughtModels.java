package io.tern.serving;

import io.tern.base.TernException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which models were brought, in a file, so that they are served again after a restart. Safe for use by many threads. */
public final class BroughtModels {
    private static final Logger log = LoggerFactory.getLogger(BroughtModels.class);

    private final Path file;
    private final Map<String, BroughtModel> models = new LinkedHashMap<>(); // guarded by this

    /** Those of a service, in its data folder. */
    public static BroughtModels of(Path dataFolder, String service) {
        return new BroughtModels(dataFolder.resolve("brought").resolve(service + ".json"));
    }

    /** Reads the file, if there is one. One that makes no sense is told of and begun anew: models can be brought again. */
    BroughtModels(Path file) {
        this.file = file;
        try {
            if (Files.exists(file)) {
                JsonMapper.shared().readTree(Files.readAllBytes(file)).forEach(this::add);
            }
        } catch (IOException | JacksonException | IllegalArgumentException | TernException e) {
            log.error("{} cannot be read; the models in it are not served", file, e);
        }
    }

    private void add(JsonNode node) {
        BroughtModel model = new BroughtModel(
                node.required("name").asString(),
                Path.of(node.required("path").asString()),
                node.required("precision").asString(),
                node.path("serve_as").asString(""), // files of earlier versions have none
                node.has("draft") ? Path.of(node.required("draft").asString()) : null);
        models.put(model.name(), model);
    }

    synchronized List<BroughtModel> all() {
        return List.copyOf(models.values());
    }

    /** Where the model lies that was brought under this name. */
    public synchronized Optional<Path> path(String name) {
        return Optional.ofNullable(models.get(name)).map(BroughtModel::path);
    }

    synchronized boolean knows(String name) {
        return models.containsKey(name);
    }

    /** @throws UncheckedIOException if it cannot be kept for the next start; then it is not remembered */
    synchronized void remember(BroughtModel model) {
        BroughtModel before = models.put(model.name(), model);
        try {
            write();
        } catch (UncheckedIOException e) {
            models.remove(model.name());
            if (before != null) {
                models.put(before.name(), before);
            }
            throw e;
        }
    }

    synchronized void forget(String name) {
        if (models.remove(name) != null) {
            write();
        }
    }

    private void write() {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        for (BroughtModel model : models.values()) {
            ObjectNode entry = list.addObject()
                    .put("name", model.name())
                    .put("path", model.path().toString())
                    .put("precision", model.precision())
                    .put("serve_as", model.servedAs());
            if (model.draft() != null) {
                entry.put("draft", model.draft().toString());
            }
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
            Files.writeString(unfinished, list.toPrettyString());
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
