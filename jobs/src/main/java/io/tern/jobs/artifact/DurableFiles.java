package io.tern.jobs.artifact;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Files that are there whole or not at all, also after a power cut: written under a temporary name, synced, and then
 * given their name by a hard link, which fails if the name is taken. A crash leaves a temporary file at worst.
 */
public final class DurableFiles {
    private final Path temporary;

    /** @param temporary on the same file system as all files that are created */
    public DurableFiles(Path temporary) {
        this.temporary = temporary;
    }

    /** @return false if the name is taken: the file that has it is untouched */
    public boolean create(Path path, byte[] bytes) throws IOException {
        Path written = write(bytes, true);
        try {
            Files.createLink(path, written);
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(written);
        }
        syncFolder(parent(path));
        return true;
    }

    /**
     * Takes the name from whatever has it.
     *
     * @param durable whether that must survive a power cut
     */
    public void replace(Path path, byte[] bytes, boolean durable) throws IOException {
        Path written = write(bytes, durable);
        try {
            Files.move(written, path, ATOMIC_MOVE, REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
        if (durable) {
            syncFolder(parent(path));
        }
    }

    public byte[] read(Path path) throws IOException {
        try (var in = Files.newInputStream(path, READ, NOFOLLOW_LINKS)) {
            return in.readAllBytes();
        }
    }

    /** Makes the folder and, durably, its entry in its parent; the parent exists. */
    public void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
            Files.createDirectories(folder);
            syncFolder(parent(folder));
        }
    }

    /** What lies in the folder; nothing if there is no such folder. */
    public static List<Path> list(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            return StreamSupport.stream(files.spliterator(), false).toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }

    /** Makes an empty folder under a temporary name, which is swept like a file. */
    public Path temporaryFolder() throws IOException {
        return Files.createDirectory(temporary.resolve(UUID.randomUUID().toString()));
    }

    /**
     * Gives a folder its name; what lies in it is synced already.
     *
     * @return false if the name is taken: the folder that has it is untouched, and this one is gone
     */
    public boolean publish(Path folder, Path name) throws IOException {
        syncFolder(folder);
        try {
            Files.move(folder, name, ATOMIC_MOVE); // fails on a folder that is not empty
        } catch (FileSystemException e) {
            delete(folder);
            if (!Files.isDirectory(name, NOFOLLOW_LINKS)) {
                throw e;
            }
            return false;
        }
        syncFolder(parent(name));
        return true;
    }

    /** Takes the whole folder away at once, so that nobody finds half of it, and then deletes it. */
    public void discard(Path folder) throws IOException {
        Path discarded = temporary.resolve(UUID.randomUUID().toString());
        Files.move(folder, discarded, ATOMIC_MOVE);
        delete(discarded);
    }

    /** Deletes temporary files that no living writer can still need. */
    public void sweep(Instant before) throws IOException {
        for (Path left : list(temporary)) {
            try {
                if (Files.getLastModifiedTime(left, NOFOLLOW_LINKS).toInstant().isBefore(before)) {
                    delete(left);
                }
            } catch (NoSuchFileException e) {
                // its writer was faster
            }
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
            for (Path inner : list(path)) {
                delete(inner);
            }
        }
        Files.deleteIfExists(path);
    }

    private Path write(byte[] bytes, boolean durable) throws IOException {
        Path path = temporary.resolve(UUID.randomUUID().toString());
        try (FileChannel file = FileChannel.open(path, Set.of(CREATE_NEW, WRITE))) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                file.write(rest);
            }
            if (durable) {
                file.force(true);
            }
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
        return path;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("path: " + path + " (expected: one with a parent)");
        }
        return parent;
    }

    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel entries = FileChannel.open(folder, READ)) {
            entries.force(true);
        }
    }
}
