package io.tern.decoding.safetensors;

import io.tern.base.TernException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The weights of a folder: {@code model.safetensors}, or the files that {@code model.safetensors.index.json} names. */
public final class SafetensorsFolder implements AutoCloseable {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MAX_INDEX_BYTES = 1 << 26;

    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, SafeTensor> tensors = new LinkedHashMap<>();

    private SafetensorsFolder() {}

    /**
     * The files that hold the weights, in an order that does not change.
     *
     * @throws TernException INVALID_ARGUMENT if there are none, or the index makes no sense
     */
    public static List<Path> files(Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            return List.of(folder.resolve(SINGLE));
        }
        Path index = folder.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw TernException.invalid("path", folder, "a folder with " + SINGLE + " or " + INDEX);
        }
        List<Path> files = new TreeSet<>(placesOf(index).values())
                .stream().map(folder::resolve).toList();
        for (Path file : files) {
            TernException.require(
                    Files.isRegularFile(file), INDEX, file.getFileName() + " is missing", "all files that it names");
        }
        return files;
    }

    /** @throws TernException INVALID_ARGUMENT with what was found and what was expected */
    public static SafetensorsFolder open(Path folder) throws IOException {
        SafetensorsFolder opened = new SafetensorsFolder();
        try {
            for (Path file : files(folder)) {
                opened.add(SafetensorsFile.open(file));
            }
            Path index = folder.resolve(INDEX);
            if (opened.files.size() > 1
                    && !opened.tensors.keySet().equals(placesOf(index).keySet())) {
                throw TernException.invalid(INDEX, "names other tensors than its files hold", "the same ones");
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void add(SafetensorsFile file) {
        files.add(file);
        file.tensors().forEach((name, tensor) -> {
            if (tensors.put(name, tensor) != null) {
                throw TernException.invalid("safetensors tensor " + name, "in two files", "in one");
            }
        });
    }

    /** Which file each tensor is in. */
    private static Map<String, String> placesOf(Path index) throws IOException {
        if (Files.size(index) > MAX_INDEX_BYTES) {
            throw TernException.invalid(INDEX, Files.size(index) + " bytes", "at most " + MAX_INDEX_BYTES);
        }
        Map<String, String> places = new LinkedHashMap<>();
        try {
            JsonNode map =
                    JsonMapper.shared().readTree(Files.readAllBytes(index)).path("weight_map");
            map.forEachEntry((tensor, file) -> places.put(tensor, plain(file.asString(""))));
        } catch (JacksonException e) {
            throw TernException.invalid(INDEX, e.getOriginalMessage(), "a JSON object");
        }
        TernException.require(!places.isEmpty(), INDEX, "no weight_map", "a file for each tensor");
        return places;
    }

    /** A name that leads nowhere else. */
    private static String plain(String name) {
        TernException.require(
                name.matches("[\\w.-]{1,200}\\.safetensors"), INDEX, name, "names of safetensors files beside it");
        return name;
    }

    /** By name. */
    public Map<String, SafeTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }
}
