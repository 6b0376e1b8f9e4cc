package io.tern.decoding.convert;

import io.tern.base.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Hashes of the files beside it, in the form of {@code sha256sum}, which can check them too. */
final class Manifest {
    private static final String FILE = "SHA256SUMS";
    private static final String SEPARATOR = "  ";

    private Manifest() {}

    static void write(Path folder, Map<String, String> hashes) throws IOException {
        List<String> lines = hashes.entrySet().stream()
                .map(entry -> entry.getValue() + SEPARATOR + entry.getKey())
                .toList();
        Files.write(folder.resolve(FILE), lines);
    }

    /** Whether the folder has a manifest and every file is as it says. */
    static boolean holds(Path folder) throws IOException {
        Path manifest = folder.resolve(FILE);
        if (!Files.isRegularFile(manifest)) {
            return false;
        }
        List<String> lines = Files.readAllLines(manifest);
        for (String line : lines) {
            String[] parts = line.split(SEPARATOR, 2);
            if (parts.length != 2 || !matches(folder.resolve(parts[1]), parts[0])) {
                return false;
            }
        }
        return !lines.isEmpty();
    }

    private static boolean matches(Path file, String hash) throws IOException {
        return Files.isRegularFile(file) && Sha256.of(file).equals(hash);
    }
}
