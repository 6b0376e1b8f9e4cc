package io.tern.gateway.batches;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The two files that a batch writes, and the journal of what is in them. A line is forced to the disk before the journal
 * says so, and the journal before anybody is told; so after a crash each line is there once or not at all. Safe for use by
 * many threads.
 */
final class BatchOutput implements AutoCloseable {
    static final String OUTPUT = "output";
    static final String ERRORS = "errors";
    static final String JOURNAL = "journal";

    private final FileChannel answers;
    private final FileChannel errors;
    private final Journal journal;
    /** By number. Guarded by this, as all below. */
    private final BitSet finished = new BitSet();

    private long answersEnd;
    private long errorsEnd;
    private Batch.Counts counts = Batch.Counts.NONE;

    private BatchOutput(FileChannel answers, FileChannel errors, Journal journal) {
        this.answers = answers;
        this.errors = errors;
        this.journal = journal;
    }

    /** Goes on where the last process ended. */
    static BatchOutput open(Path folder) throws IOException {
        List<Closeable> opened = new ArrayList<>();
        try {
            BatchOutput output = new BatchOutput(
                    opened(opened, FileChannel.open(folder.resolve(OUTPUT), CREATE, WRITE)),
                    opened(opened, FileChannel.open(folder.resolve(ERRORS), CREATE, WRITE)),
                    opened(opened, Journal.open(folder.resolve(JOURNAL))));
            output.recover();
            return output;
        } catch (IOException | RuntimeException e) {
            for (Closeable file : opened) {
                file.close();
            }
            throw e;
        }
    }

    private static <T extends Closeable> T opened(List<Closeable> all, T file) {
        all.add(file);
        return file;
    }

    private synchronized void recover() throws IOException {
        journal.read().forEach(this::count);
        answers.truncate(answersEnd);
        errors.truncate(errorsEnd);
    }

    synchronized boolean isFinished(int line) {
        return finished.get(line);
    }

    synchronized Batch.Counts counts() {
        return counts;
    }

    /** A failure changes nothing: the same can be tried again. */
    synchronized void append(List<LineResult> results) throws IOException {
        List<Journal.Entry> entries = new ArrayList<>();
        long answersTo = answersEnd;
        long errorsTo = errorsEnd;
        for (LineResult result : results) {
            if (result.error()) {
                errorsTo = write(errors, errorsTo, result.json());
            } else {
                answersTo = write(answers, answersTo, result.json());
            }
            entries.add(new Journal.Entry(
                    result.line(), result.error(), result.error() ? errorsTo : answersTo, result.usage()));
        }
        force(answers, answersEnd, answersTo);
        force(errors, errorsEnd, errorsTo);
        journal.append(entries);
        entries.forEach(this::count);
    }

    private synchronized void count(Journal.Entry entry) {
        finished.set(entry.line());
        counts = counts.plus(entry.error(), entry.usage());
        if (entry.error()) {
            errorsEnd = entry.end();
        } else {
            answersEnd = entry.end();
        }
    }

    private static long write(FileChannel file, long at, byte[] line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line);
        long end = at;
        while (bytes.hasRemaining()) {
            end += file.write(bytes, end);
        }
        return end;
    }

    private static void force(FileChannel file, long from, long to) throws IOException {
        if (to > from) {
            file.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        try (answers;
                errors;
                journal) {
            // all three, whichever fails
        }
    }
}
