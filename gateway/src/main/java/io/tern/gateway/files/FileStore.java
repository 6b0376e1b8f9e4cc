package io.tern.gateway.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobId;
import io.tern.jobs.JobOwner;
import io.tern.jobs.artifact.DurableFiles;
import io.tern.wire.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Files of callers, one folder each, that are there whole or not at all:
 *
 * <pre>
 * files/ID/meta      what is told of it
 * files/ID/content   its bytes
 * tmp/               what is being written, and what is being erased
 * </pre>
 *
 * Beside them lies {@code batches/}, whose bytes count in their callers' quotas too. Several gateways may share the folder;
 * its file system must have hard links. Safe for use by many threads.
 */
public final class FileStore {
    static final String CONTENT = "content";
    private static final String META = "meta";
    private static final String PREFIX = "file-";
    /** What counts in a quota; the rest is small, and no choice of the caller's. */
    private static final Set<String> COUNTED = Set.of(CONTENT, "input", "output", "errors");
    /** A temporary folder this old has lost its writer: no request takes so long. */
    private static final Duration TEMPORARY = Duration.ofHours(1);

    private final Path root;
    private final Path files;
    private final FileLimits limits;
    private final InstantSource clock;
    private final DurableFiles durable;
    private final Set<FileDraft> drafts = ConcurrentHashMap.newKeySet();

    private FileStore(Path root, FileLimits limits, InstantSource clock) {
        this.root = root;
        this.files = root.resolve("files");
        this.limits = limits;
        this.clock = clock;
        this.durable = new DurableFiles(root.resolve("tmp"));
    }

    /**
     * Makes the folder if there is none.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static FileStore open(Path root, FileLimits limits, InstantSource clock) {
        try {
            for (String folder : List.of("files", "batches", "tmp")) {
                Files.createDirectories(root.resolve(folder));
            }
            return new FileStore(root.toRealPath(), limits, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder of files in " + root, e);
        }
    }

    FileLimits limits() {
        return limits;
    }

    /**
     * Takes room for a file, so that many at once do not take more than there is.
     *
     * @param announced the most that the file can have
     */
    FileDraft begin(JobOwner owner, long announced) {
        return storing(() -> {
            synchronized (drafts) {
                long room = Math.min(Math.min(announced, limits.maxBytes()), limits.quotaBytes() - used(owner));
                FileDraft draft = new FileDraft(this, owner, durable.temporaryFolder(), room);
                drafts.add(draft);
                return draft;
            }
        });
    }

    /** @throws TernException NOT_FOUND, also for another's */
    public StoredFile get(JobOwner owner, String id) {
        return find(owner, id).orElseThrow(() -> unknown(id));
    }

    FilePage list(JobOwner owner, FileQuestion question) {
        return storing(() -> {
            List<StoredFile> found = new ArrayList<>();
            for (String id : DurableFiles.list(files).stream()
                    .map(FileStore::name)
                    .filter(question::isBehind)
                    .sorted(question.order())
                    .toList()) {
                find(owner, id).filter(question::wants).ifPresent(found::add);
                if (found.size() > question.limit()) {
                    return new FilePage(found.subList(0, question.limit()), true);
                }
            }
            return new FilePage(found, false);
        });
    }

    /** @param content can be read to its end whatever becomes of the file; the caller closes it */
    record Opened(StoredFile file, FileChannel content) {}

    /** @throws TernException NOT_FOUND */
    Opened content(JobOwner owner, String id) {
        StoredFile file = get(owner, id);
        Path content = files.resolve(file.id()).resolve(CONTENT);
        return found(id, () -> new Opened(file, FileChannel.open(content, READ, NOFOLLOW_LINKS)));
    }

    /**
     * Gives the bytes another name within the store, under which they stay when the file is deleted.
     *
     * @throws TernException NOT_FOUND
     */
    public void link(StoredFile file, Path name) {
        found(file.id(), () -> Files.createLink(name, files.resolve(file.id()).resolve(CONTENT)));
    }

    /** @throws TernException NOT_FOUND */
    public void delete(JobOwner owner, String id) {
        Path folder = files.resolve(get(owner, id).id());
        found(id, () -> {
            durable.discard(folder);
            return folder;
        });
    }

    /** A name for a file that will be. */
    public String nextId(JobOwner owner) {
        return PREFIX + JobId.next(clock.millis()) + owner.mark();
    }

    /** What is told of a file that is kept now. @param expiresAfter seconds from now; null: never */
    public StoredFile stored(String id, long bytes, String filename, FilePurpose purpose, @Nullable Long expiresAfter) {
        Long expiresAt = expiresAfter == null ? null : (Long) (now() + expiresAfter);
        return new StoredFile(id, bytes, now(), expiresAt, filename, purpose);
    }

    /** The folder of all this, for what lies beside the files. */
    public Path root() {
        return root;
    }

    /** Keeps bytes that are on disk in this store already. Idempotent: a file that is there stays as it is. */
    public void keep(StoredFile file, Path content) {
        storing(() -> {
            Path folder = durable.temporaryFolder();
            Files.createLink(folder.resolve(CONTENT), content);
            return publish(folder, file);
        });
    }

    boolean publish(Path folder, StoredFile file) throws IOException {
        durable.create(folder.resolve(META), StrictJson.bytes(file.json()));
        return durable.publish(folder, files.resolve(file.id()));
    }

    void forget(FileDraft draft) {
        drafts.remove(draft);
    }

    void discard(Path folder) throws IOException {
        durable.discard(folder);
    }

    /** Erases what has expired and what dead writers left. */
    public void sweep() {
        storing(() -> {
            durable.sweep(clock.instant().minus(TEMPORARY));
            for (Path folder : DurableFiles.list(files)) {
                if (read(name(folder)).filter(file -> file.isOver(now())).isPresent()) {
                    durable.discard(folder);
                }
            }
            return root;
        });
    }

    /** @throws TernException PAYLOAD_TOO_LARGE where nothing more may be written for this caller */
    public void requireRoom(JobOwner owner) {
        long used = storing(() -> used(owner));
        if (used >= limits.quotaBytes()) {
            throw new TernException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "files: " + used + " bytes (expected: fewer than " + limits.quotaBytes()
                            + " in all files together; delete some)");
        }
    }

    /** Bytes of all that lies in folders of the caller's; what has two names counts once. */
    private long used(JobOwner owner) throws IOException {
        Map<Object, Long> sizes = new HashMap<>();
        for (Path kind : List.of(files, root.resolve("batches"))) {
            for (Path folder : DurableFiles.list(kind)) {
                if (owner.owns(name(folder))) {
                    count(folder, sizes);
                }
            }
        }
        // A draft that is kept counts twice for a moment: too much is safe.
        long drafted = drafts.stream()
                .filter(draft -> draft.owner().equals(owner))
                .mapToLong(FileDraft::room)
                .sum();
        return sizes.values().stream().mapToLong(Long::longValue).sum() + drafted;
    }

    private static void count(Path folder, Map<Object, Long> sizes) throws IOException {
        for (Path file : DurableFiles.list(folder)) {
            if (!COUNTED.contains(name(file))) {
                continue;
            }
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
                Object inode = attributes.fileKey();
                sizes.put(inode == null ? file : inode, attributes.size());
            } catch (NoSuchFileException _) {
                // deleted a moment ago
            }
        }
    }

    private Optional<StoredFile> find(JobOwner owner, String id) {
        boolean ours = id.startsWith(PREFIX) && JobId.isValid(id) && owner.owns(id);
        return ours ? storing(() -> read(id)).filter(file -> !file.isOver(now())) : Optional.empty();
    }

    private Optional<StoredFile> read(String id) throws IOException {
        try {
            return Optional.of(StoredFile.read(durable.read(files.resolve(id).resolve(META))));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private long now() {
        return clock.millis() / 1000;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static TernException unknown(String id) {
        return new TernException(ErrorCode.NOT_FOUND, "id: " + shown(id) + " (expected: a file)", "id", null);
    }

    /** What is no name of ours may be anything. */
    private static String shown(String id) {
        return JobId.isValid(id) ? id : "not one";
    }

    /** What is done on the disk. */
    @FunctionalInterface
    public interface Io<T> {
        T run() throws IOException;
    }

    /** A file that went in the meantime is as one that never was. */
    private static <T> T found(String id, Io<T> action) {
        return storing(() -> {
            try {
                return action.run();
            } catch (NoSuchFileException _) {
                throw unknown(id);
            }
        });
    }

    /** The words of the operating system: Java has no type for that. */
    private static boolean isFull(IOException e) {
        return String.valueOf(e.getMessage()).contains("No space left on device");
    }

    /** What the disk does not do is told as what it is to the caller. */
    public static <T> T storing(Io<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            String why = isFull(e) ? "the server's disk is full" : "the server's disk does not answer";
            throw new TernException(
                    ErrorCode.UNAVAILABLE, "files: cannot be kept now, as " + why + "; try again", null, e);
        }
    }
}
