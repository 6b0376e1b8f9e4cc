package io.tern.catalogue;

import io.tern.base.ErrorCode;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds a model's files on this machine and checks them against the catalogue. Shipped files lie beside the catalogue,
 * fetched ones below the models directory as {@code <id>/<path>}.
 */
public final class ModelStore {
    private final Catalogue catalogue;
    private final Path shippedDirectory;
    private final Path modelsDirectory;

    public ModelStore(Path catalogueFile, Path modelsDirectory) {
        this.catalogue = Catalogue.read(catalogueFile);
        this.shippedDirectory = catalogueFile.toAbsolutePath().resolveSibling("");
        this.modelsDirectory = modelsDirectory;
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    public List<ModelEntry> entries(String service) {
        return catalogue.of(service);
    }

    /** Where the file lies or is to be put; it need not be there. */
    public Path locate(ModelEntry model, ModelFile file) {
        return switch (file.source()) {
            case Source.Shipped shipped -> shippedDirectory.resolve(shipped.path());
            case Source.Wheel _ -> modelsDirectory.resolve(model.id()).resolve(file.path());
        };
    }

    /** All its files are there, unverified. */
    public boolean isPresent(ModelEntry model) {
        return model.files().stream().allMatch(file -> isFile(locate(model, file)));
    }

    /** A link is none: what it leads to may be exchanged at any time. */
    private static boolean isFile(Path location) {
        return Files.isRegularFile(location, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The file, whose bytes are those of the catalogue. It is read once for that: a file that somebody
     * changes afterwards is not noticed.
     *
     * @throws TernException UNAVAILABLE if it is missing or differs
     */
    public Path verified(ModelEntry model, ModelFile file) {
        Path location = locate(model, file);
        String name = model.id() + "/" + file.path();
        if (!isFile(location)) {
            throw new TernException(
                    ErrorCode.UNAVAILABLE,
                    "model file " + name + " is missing or a link; fetch it by: ./tern models fetch");
        }
        try {
            if (Files.size(location) != file.sizeBytes()) {
                throw damaged(name, Files.size(location) + " bytes", file.sizeBytes() + " bytes");
            }
            String sha256 = Sha256.of(location);
            if (!sha256.equals(file.sha256())) {
                throw damaged(name, "sha256 " + sha256, "sha256 " + file.sha256());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model file " + name, e);
        }
        return location;
    }

    /**
     * Verifies every file and gives the folder in which they lie together. Files that models share are shipped with one of
     * them; for the others they are brought together.
     *
     * @param cache where, below the model's id; the models directory may be mounted read-only
     */
    public Path verifiedFolder(ModelEntry model, Path cache) {
        model.files().forEach(file -> verified(model, file));
        Path folder = folder(model, model.files().getFirst());
        boolean together =
                model.files().stream().allMatch(file -> folder(model, file).equals(folder));
        return together ? folder : gathered(model, cache.resolve(model.id()));
    }

    private Path folder(ModelEntry model, ModelFile file) {
        Path folder = locate(model, file);
        for (int level = 0; level < Path.of(file.path()).getNameCount(); level++) {
            folder = folder.resolveSibling("");
        }
        return folder;
    }

    /** By hard links where the file system has them, which cost nothing. */
    private Path gathered(ModelEntry model, Path folder) {
        for (ModelFile file : model.files()) {
            Path from = locate(model, file);
            Path to = folder.resolve(file.path());
            try {
                if (!isFile(to) || !Files.isSameFile(from, to) && !Sha256.of(to).equals(file.sha256())) {
                    Files.createDirectories(to.resolveSibling(""));
                    Files.deleteIfExists(to);
                    linkOrCopy(from, to);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot bring the files of " + model.id() + " together", e);
            }
        }
        return folder;
    }

    private static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException | IOException _) { // another file system, or another's file
            Files.copy(from, to);
        }
    }

    private static TernException damaged(String name, String found, String expected) {
        return new TernException(
                ErrorCode.UNAVAILABLE,
                "model file " + name + ": " + found + " (expected: " + expected
                        + "); delete it and fetch it again by: ./tern models fetch");
    }
}
