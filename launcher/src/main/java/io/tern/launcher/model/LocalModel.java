package io.tern.launcher.model;

import io.tern.launcher.LaunchFailure;
import io.tern.launcher.plan.Service;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A model file or folder that somebody brings, and the service that it is for, as told from what lies there. Whether the
 * service can run it, the service says.
 */
public record LocalModel(Path path, Service service) {
    private static final String GGUF_MAGIC = "GGUF";
    private static final List<String> ENDINGS = List.of(".gguf", ".onnx");

    /** @throws LaunchFailure if nothing is there, or nothing that any service runs */
    public static LocalModel at(Path given) {
        Path path = given.toAbsolutePath().normalize();
        if (Files.isDirectory(path)) {
            return new LocalModel(path, ofFolder(path));
        }
        if (Files.isRegularFile(path)) {
            return new LocalModel(path, ofFile(path));
        }
        throw new LaunchFailure("there is no file or folder " + path, "name the model's file or folder");
    }

    /**
     * A graph that is served by its tensors, whatever it is.
     *
     * @throws LaunchFailure if it is no ONNX file
     */
    public static LocalModel graphAt(Path given) {
        Path path = given.toAbsolutePath().normalize();
        if (!Files.isRegularFile(path) || !path.toString().endsWith(".onnx")) {
            throw new LaunchFailure(path + " is no ONNX file", "name one: only a graph has tensors to be served");
        }
        return new LocalModel(path, Service.DETECTION);
    }

    /** A name made of the file's or folder's own. */
    public String ownName() {
        String name = String.valueOf(path.getFileName());
        for (String ending : ENDINGS) {
            name = name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name;
        }
        return name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[._-]+", "");
    }

    private static Service ofFolder(Path folder) {
        if (Files.exists(folder.resolve("model_index.json"))) {
            return Service.GENERATION;
        }
        if (Files.exists(folder.resolve("config.json")) || Files.exists(folder.resolve("genai_config.json"))) {
            return Service.DECODING;
        }
        if (Files.exists(folder.resolve("model.onnx"))) { // a heightfield, which is one graph alone
            return Service.GENERATION;
        }
        throw new LaunchFailure(
                folder + " holds neither config.json (a language model) nor model_index.json (a diffusion pipeline)",
                "name a model's folder, a GGUF file or a detector's ONNX file");
    }

    private static Service ofFile(Path file) {
        if (file.toString().endsWith(".onnx")) {
            return Service.DETECTION;
        }
        if (begins(file, GGUF_MAGIC)) {
            return Service.DECODING;
        }
        if (file.toString().endsWith(".safetensors")) {
            throw new LaunchFailure(
                    file + " has weights alone", "name its folder, where config.json says what they are");
        }
        throw new LaunchFailure(
                file + " is neither a GGUF nor an ONNX file", "name a model's folder, a GGUF file or an ONNX file");
    }

    private static boolean begins(Path file, String magic) {
        byte[] expected = magic.getBytes(StandardCharsets.US_ASCII);
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(expected.length), expected);
        } catch (IOException e) {
            throw new LaunchFailure("cannot read " + file, "give yourself the right to", e);
        }
    }
}
