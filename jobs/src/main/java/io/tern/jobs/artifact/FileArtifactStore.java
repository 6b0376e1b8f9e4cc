package io.tern.jobs.artifact;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobId;
import io.tern.jobs.JobLog;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Artifacts as files of one folder, which all processes see:
 *
 * <pre>
 * jobs/ID/log/000001   the job's log, an entry a file; an empty one says that the job was erased
 * jobs/ID/input        the request, if it was large
 * jobs/ID/pulse-2      the last sign of life of attempt 2
 * jobs/ID/result-2     what attempt 2 made
 * jobs/ID/webhook/000001  when its first call was begun; an empty one says that there will be no more
 * keys/SHA256/000001   what an idempotency key stands for; the last one counts
 * tmp/                 what is being written
 * </pre>
 *
 * The file system must have hard links. All methods are safe for use by many threads and processes.
 */
public final class FileArtifactStore implements ArtifactStore {
    /** A temporary file this old has lost its writer: writing takes milliseconds. */
    private static final Duration TEMPORARY = Duration.ofMinutes(1);

    private static final String RESULT = "result-";
    private static final String PULSE = "pulse-";
    private static final String WEBHOOK = "webhook";

    private final Path root;
    private final DurableFiles files;

    private FileArtifactStore(Path root) {
        this.root = root;
        this.files = new DurableFiles(root.resolve("tmp"));
    }

    /**
     * Makes the folder if there is none, and clears what a dead writer left in it.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static FileArtifactStore open(Path root) {
        try {
            for (String folder : List.of("tmp", "jobs", "keys")) {
                Files.createDirectories(root.resolve(folder));
            }
            FileArtifactStore store = new FileArtifactStore(root.toRealPath());
            store.files.sweep(Instant.now().minus(TEMPORARY));
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException("artifact store in " + root, e);
        }
    }

    @Override
    public void putInput(String id, JobRequest request) {
        Path job = job(id);
        writing(() -> {
            files.createFolder(job);
            return files.create(job.resolve("input"), request.toByteArray());
        });
    }

    @Override
    public JobRequest input(String id) {
        Path input = job(id).resolve("input");
        return reading(() -> JobRequest.parseFrom(files.read(input)));
    }

    @Override
    public long inputBytes(String id) {
        Path input = job(id).resolve("input");
        return reading(() -> Files.size(input));
    }

    @Override
    public JobLog log(String id) {
        Path log = job(id).resolve("log");
        return reading(() -> {
            List<Job> entries = new ArrayList<>();
            // Counted, not tried: most often there is nothing, and an exception costs more than a listing.
            for (int length = DurableFiles.list(log).size(); entries.size() < length; ) {
                byte[] entry = files.read(log.resolve(name(entries.size() + 1)));
                if (entry.length == 0) {
                    return new JobLog(entries, true);
                }
                entries.add(Job.parseFrom(entry));
            }
            return new JobLog(entries, false);
        });
    }

    @Override
    public boolean append(String id, int position, Job entry) {
        Path log = job(id).resolve("log");
        return writing(() -> {
            files.createFolder(job(id));
            files.createFolder(log);
            return files.create(log.resolve(name(position)), entry.toByteArray());
        });
    }

    @Override
    public void beat(String id, int attempt, String pulse) {
        Path file = job(id).resolve(PULSE + attempt);
        writing(() -> {
            files.replace(file, pulse.getBytes(StandardCharsets.UTF_8), false);
            return file;
        });
    }

    @Override
    public String pulse(String id, int attempt) {
        Path file = job(id).resolve(PULSE + attempt);
        return reading(() -> {
            try {
                return new String(files.read(file), StandardCharsets.UTF_8);
            } catch (NoSuchFileException e) {
                return "";
            }
        });
    }

    @Override
    public void putResult(String id, int attempt, byte[] bytes) {
        Path result = job(id).resolve(RESULT + attempt);
        writing(() -> files.create(result, bytes));
    }

    @Override
    public InputStream result(String id, int attempt) {
        Path result = job(id).resolve(RESULT + attempt);
        return reading(() -> Files.newInputStream(result, READ, NOFOLLOW_LINKS));
    }

    @Override
    public void tidy(String id, int attempt) {
        Path job = job(id);
        writing(() -> {
            for (Path file : DurableFiles.list(job)) {
                String name = String.valueOf(file.getFileName());
                if ((name.startsWith(RESULT) && !name.equals(RESULT + attempt)) || name.startsWith(PULSE)) {
                    Files.deleteIfExists(file);
                }
            }
            return job;
        });
    }

    @Override
    public WebhookCalls webhook(String id) {
        Path calls = job(id).resolve(WEBHOOK);
        return reading(() -> {
            int attempts = 0;
            Instant lastAt = Instant.EPOCH;
            for (int length = DurableFiles.list(calls).size(); attempts < length; attempts++) {
                byte[] call = files.read(calls.resolve(name(attempts + 1)));
                if (call.length == 0) {
                    return new WebhookCalls(attempts, lastAt, true);
                }
                lastAt = Instant.parse(new String(call, StandardCharsets.UTF_8));
            }
            return new WebhookCalls(attempts, lastAt, false);
        });
    }

    @Override
    public boolean beginWebhook(String id, int attempt, Instant at) {
        Path calls = job(id).resolve(WEBHOOK);
        return !log(id).erased()
                && writing(() -> {
                    files.createFolder(calls);
                    return files.create(
                            calls.resolve(name(attempt)), at.toString().getBytes(StandardCharsets.UTF_8));
                });
    }

    @Override
    public void settleWebhook(String id) {
        Path calls = job(id).resolve(WEBHOOK);
        writing(() -> {
            files.createFolder(calls);
            for (int next = DurableFiles.list(calls).size() + 1;
                    !files.create(calls.resolve(name(next)), new byte[0]);
                    next++) {
                // somebody has begun another call
            }
            return calls;
        });
    }

    @Override
    public KeyRecord reserve(String keyHash, KeyRecord record, Duration validFor) {
        if (!KeyRecord.isHash(keyHash)) {
            throw new IllegalArgumentException("keyHash: " + keyHash + " (expected: 64 hexadecimal digits)");
        }
        Path key = root.resolve("keys").resolve(keyHash);
        return writing(() -> {
            files.createFolder(key);
            while (true) {
                int generation = lastGeneration(key);
                Optional<KeyRecord> holder = generation == 0 ? Optional.empty() : Optional.of(key(key, generation));
                if (holder.isPresent()
                        && holder.get().createdAt().plus(validFor).isAfter(record.createdAt())) {
                    return holder.get();
                }
                if (files.create(key.resolve(name(generation + 1)), bytes(record))) {
                    return record;
                }
            }
        });
    }

    @Override
    public void erase(String id) {
        JobLog log = log(id);
        if (!log.isOver()) {
            throw new IllegalStateException("job " + id + " has not ended (expected: one that has)");
        }
        Path job = job(id);
        writing(() -> {
            // The claims stay: a frozen worker must still find its next position taken. They hold nothing of the user.
            if (!log.erased()) {
                files.replace(job.resolve("log").resolve(name(log.entries().size())), new byte[0], true);
            }
            Files.deleteIfExists(job.resolve("input"));
            return job;
        });
        tidy(id, 0);
    }

    @Override
    public void sweep(Instant before) {
        writing(() -> {
            files.sweep(Instant.now().minus(TEMPORARY));
            for (Path job : DurableFiles.list(root.resolve("jobs"))) {
                String id = String.valueOf(job.getFileName());
                discardIf(job, () -> JobId.isValid(id) && isOlder(job, before) && isForgotten(id, before));
            }
            for (Path key : DurableFiles.list(root.resolve("keys"))) {
                discardIf(key, () -> isOlder(key, before));
            }
            return root;
        });
    }

    /** What another process has swept at this moment, or what cannot be read, must not end the sweep. */
    private void discardIf(Path folder, FileWork<Boolean> condition) throws IOException {
        try {
            if (condition.run()) {
                files.discard(folder);
            }
        } catch (NoSuchFileException | TernException _) {
            // gone already, or damaged: it stays for who mends it
        }
    }

    /** The folder of a job: a child of ours, and no link to elsewhere. */
    private Path job(String id) {
        Path job = root.resolve("jobs").resolve(JobId.require(id));
        if (Files.isSymbolicLink(job) || Files.isSymbolicLink(job.resolve("log"))) {
            throw new TernException(ErrorCode.NOT_FOUND, "id: " + id + " (expected: a job)", "id", null);
        }
        return job;
    }

    /** Whether it was erased then, or has only the input of a job that never began. */
    private boolean isForgotten(String id, Instant before) throws IOException {
        JobLog log = log(id);
        return log.entries().isEmpty() && !log.erased() || log.erased() && isOlder(job(id).resolve("log"), before);
    }

    private static int lastGeneration(Path key) throws IOException {
        return DurableFiles.list(key).stream()
                .mapToInt(file -> Integer.parseInt(String.valueOf(file.getFileName())))
                .max()
                .orElse(0);
    }

    private KeyRecord key(Path key, int generation) throws IOException {
        return KeyRecord.ofText(new String(files.read(key.resolve(name(generation))), StandardCharsets.UTF_8));
    }

    private static byte[] bytes(KeyRecord record) {
        return record.toText().getBytes(StandardCharsets.UTF_8);
    }

    private static String name(int position) {
        return "%06d".formatted(position);
    }

    /** Whether nothing was added to the folder since then. */
    private static boolean isOlder(Path folder, Instant before) throws IOException {
        return Files.isDirectory(folder, NOFOLLOW_LINKS)
                && Files.getLastModifiedTime(folder, NOFOLLOW_LINKS).toInstant().isBefore(before);
    }

    private static <T> T reading(FileWork<T> work) {
        try {
            return work.run();
        } catch (NoSuchFileException e) {
            throw new TernException(ErrorCode.NOT_FOUND, "artifact store: no such artifact", null, e);
        } catch (InvalidProtocolBufferException e) {
            throw new TernException(ErrorCode.INTERNAL_ERROR, "artifact store: an artifact is damaged", null, e);
        } catch (IOException e) {
            throw new TernException(ErrorCode.UNAVAILABLE, "artifact store: it cannot be read", null, e);
        }
    }

    private static <T> T writing(FileWork<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new TernException(ErrorCode.UNAVAILABLE, "artifact store: it cannot be written", null, e);
        }
    }

    @FunctionalInterface
    private interface FileWork<T> {
        T run() throws IOException;
    }
}
