package io.tern.gateway.batches;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.files.FileStore;
import io.tern.gateway.files.StoredFile;
import io.tern.jobs.JobId;
import io.tern.jobs.JobOwner;
import io.tern.jobs.artifact.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches, one folder each, beside the files that they read and write:
 *
 * <pre>
 * batches/ID/state     the batch as it stands, replaced as a whole
 * batches/ID/counts    how far it is while it is asked; may be lost, for the journal knows it
 * batches/ID/input     a second name of the file that it reads, so that deleting that disturbs nothing
 * batches/ID/output    answers; errors and journal lie beside it
 * batches/ID/cancel    somebody has asked for its end
 * batches/ID/lock      held by the process that runs it; a process that dies holds nothing
 * </pre>
 *
 * Of a batch that is over only its state is left. Safe for use by many threads and processes.
 */
final class BatchStore {
    private static final Logger log = LoggerFactory.getLogger(BatchStore.class);

    private static final String STATE = "state";
    private static final String COUNTS = "counts";
    static final String INPUT = "input";
    private static final String CANCEL = "cancel";
    private static final String LOCK = "lock";

    private final Path batches;
    private final DurableFiles durable;
    private final FileStore files;

    BatchStore(FileStore files) {
        this.batches = files.root().resolve("batches");
        this.durable = new DurableFiles(files.root().resolve("tmp"));
        this.files = files;
    }

    Path folder(String id) {
        return batches.resolve(id);
    }

    /** From now on the batch is there, with its input. */
    void create(Batch batch, StoredFile input) {
        FileStore.storing(() -> {
            Path folder = durable.temporaryFolder();
            files.link(input, folder.resolve(INPUT));
            durable.create(folder.resolve(STATE), BatchJson.kept(batch));
            return durable.publish(folder, folder(batch.id()));
        });
    }

    void save(Batch batch) throws IOException {
        durable.replace(folder(batch.id()).resolve(STATE), BatchJson.kept(batch), true);
    }

    /** A power cut may take that, and so nothing else is in its file. */
    void tell(String id, Batch.Counts counts) throws IOException {
        durable.replace(folder(id).resolve(COUNTS), BatchJson.kept(counts), false);
    }

    /** As it was saved last, with the counts that were told last; empty if there is none. */
    Optional<Batch> read(String id) {
        return FileStore.storing(() -> {
            try {
                Batch batch = BatchJson.read(durable.read(folder(id).resolve(STATE)));
                return Optional.of(batch.status() == BatchStatus.IN_PROGRESS ? batch.with(counts(batch)) : batch);
            } catch (NoSuchFileException _) {
                return Optional.empty();
            }
        });
    }

    private Batch.Counts counts(Batch batch) {
        try {
            return BatchJson.readCounts(durable.read(folder(batch.id()).resolve(COUNTS)));
        } catch (IOException | RuntimeException _) {
            return batch.counts(); // broadly: not told yet, or lost
        }
    }

    /**
     * As its owner is told of it: one whose end was asked for is cancelling, whoever runs it.
     *
     * @throws TernException NOT_FOUND, also for another's
     */
    Batch get(JobOwner owner, String id) {
        return own(owner, id)
                .flatMap(this::read)
                .map(this::told)
                .orElseThrow(() -> new TernException(
                        ErrorCode.NOT_FOUND,
                        "id: " + (JobId.isValid(id) ? id : "not one") + " (expected: a batch)",
                        "id",
                        null));
    }

    /** The newest first. @param after id of the last one before; null: from the beginning */
    List<Batch> list(JobOwner owner, @Nullable String after, int atMost) {
        List<Batch> found = new ArrayList<>();
        for (String id : ids().filter(known -> own(owner, known).isPresent())
                .filter(known -> after == null || known.compareTo(after) < 0)
                .sorted(Comparator.reverseOrder())
                .toList()) {
            if (found.size() == atMost) {
                break;
            }
            readable(id).ifPresent(found::add);
        }
        return found;
    }

    /** One that cannot be read keeps nobody from the others. */
    private Optional<Batch> readable(String id) {
        try {
            return read(id).map(this::told);
        } catch (RuntimeException e) {
            log.warn("batch {} cannot be read: {}", id, e.toString());
            return Optional.empty();
        }
    }

    Stream<String> ids() {
        return FileStore.storing(() -> DurableFiles.list(batches)).stream()
                .map(folder -> String.valueOf(folder.getFileName()));
    }

    /** Those that are not over, and those whose end was not tidied up. */
    boolean isUnfinished(String id) {
        return Files.exists(folder(id).resolve(INPUT));
    }

    int unfinished(JobOwner owner) {
        return (int) ids().filter(id -> own(owner, id).isPresent() && isUnfinished(id))
                .count();
    }

    /** Whoever runs it finds that. */
    void askForEnd(String id, long now) {
        FileStore.storing(() ->
                durable.create(folder(id).resolve(CANCEL), Long.toString(now).getBytes()));
    }

    /** When its end was asked for first, in seconds since 1970; empty if it was not. */
    Optional<Long> endAsked(String id) {
        return FileStore.storing(() -> {
            try {
                return Optional.of(
                        Long.valueOf(new String(durable.read(folder(id).resolve(CANCEL)))));
            } catch (NoSuchFileException _) {
                return Optional.empty();
            }
        });
    }

    /** The right to run it, until the channel is closed or the process ends; empty while another process has it. */
    Optional<FileChannel> lock(String id) {
        return FileStore.storing(() -> {
            FileChannel file = FileChannel.open(folder(id).resolve(LOCK), CREATE, WRITE);
            if (file.tryLock() == null) {
                file.close();
                return Optional.empty();
            }
            return Optional.of(file);
        });
    }

    /** Forgets all but the state. The input goes last: while it is there, the rest is looked for. */
    void tidy(String id) throws IOException {
        for (String name :
                List.of(BatchOutput.OUTPUT, BatchOutput.ERRORS, BatchOutput.JOURNAL, COUNTS, CANCEL, LOCK, INPUT)) {
            Files.deleteIfExists(folder(id).resolve(name));
        }
    }

    /** Forgets batches that were over before then, in seconds since 1970. */
    void sweep(long before) {
        ids().filter(id -> !isUnfinished(id))
                .forEach(id -> readable(id)
                        .filter(batch -> batch.times().getOrDefault(batch.status(), Long.MAX_VALUE) < before)
                        .ifPresent(_ -> discard(id)));
    }

    private void discard(String id) {
        try {
            durable.discard(folder(id));
        } catch (IOException e) {
            log.warn("batch {} cannot be forgotten now: {}", id, e.toString());
        }
    }

    private Batch told(Batch batch) {
        return batch.status().isCancellable()
                ? endAsked(batch.id())
                        .map(asked -> batch.in(BatchStatus.CANCELLING, asked))
                        .orElse(batch)
                : batch;
    }

    private static Optional<String> own(JobOwner owner, String id) {
        return Optional.of(id).filter(name -> name.startsWith(Batch.PREFIX) && JobId.isValid(name) && owner.owns(name));
    }
}
