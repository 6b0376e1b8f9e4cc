package io.tern.launcher.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML read strictly: a key that stands twice is an error. */
record Yaml(Object node) {
    static List<Yaml> all(String text) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        List<Yaml> documents = new ArrayList<>();
        for (Object document : new org.yaml.snakeyaml.Yaml(new SafeConstructor(strict)).loadAll(text)) {
            documents.add(new Yaml(document));
        }
        return documents;
    }

    static List<Yaml> all(Path file) throws IOException {
        return all(Files.readString(file));
    }

    /** {@code at("spec", "template")}; a missing one has the node null. */
    Yaml at(String... keys) {
        Object at = node;
        for (String key : keys) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return new Yaml(at);
    }

    boolean isMissing() {
        return node == null;
    }

    String text() {
        return String.valueOf(node);
    }

    /** The items of a list; none of anything else. */
    List<Yaml> items() {
        return node instanceof List<?> list ? list.stream().map(Yaml::of).toList() : List.of();
    }

    /** The entries of a map, by name. */
    Map<String, Yaml> entries() {
        Map<String, Yaml> entries = new java.util.LinkedHashMap<>();
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> entries.put(String.valueOf(key), new Yaml(value)));
        }
        return entries;
    }

    private static Yaml of(Object node) {
        return new Yaml(node);
    }
}
