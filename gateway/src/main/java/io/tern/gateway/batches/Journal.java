package io.tern.gateway.batches;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Which lines are finished, in a file of entries of one length. An entry says that its line is on disk, and where the file
 * that it is in ends behind it: what lies beyond the last entry is a line that was being written when the process died.
 */
final class Journal implements Closeable {
    /** Line, file, end, three counts of tokens, and a sum over them. */
    private static final int ENTRY_BYTES = 4 + 4 + 8 + 3 * 8 + 4;

    private final FileChannel file;
    private long size;

    private Journal(FileChannel file) {
        this.file = file;
    }

    /**
     * A finished line.
     *
     * @param end bytes of its file up to its own end
     */
    record Entry(int line, boolean error, long end, TokenUsage usage) {}

    static Journal open(Path path) throws IOException {
        return new Journal(FileChannel.open(path, CREATE, READ, WRITE));
    }

    /** All that is whole; what lies behind it is cut off. */
    List<Entry> read() throws IOException {
        List<Entry> entries = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.allocate(ENTRY_BYTES);
        for (size = 0; readFully(bytes); size += ENTRY_BYTES) {
            if (bytes.getInt(ENTRY_BYTES - 4) != sum(bytes)) {
                break;
            }
            entries.add(new Entry(
                    bytes.getInt(0),
                    bytes.getInt(4) != 0,
                    bytes.getLong(8),
                    new TokenUsage(bytes.getLong(16), bytes.getLong(24), bytes.getLong(32))));
        }
        file.truncate(size);
        return entries;
    }

    /** Survives what comes, once it has returned. */
    void append(List<Entry> entries) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ENTRY_BYTES * entries.size());
        for (Entry entry : entries) {
            ByteBuffer one = bytes.slice(bytes.position(), ENTRY_BYTES);
            one.putInt(entry.line()).putInt(entry.error() ? 1 : 0).putLong(entry.end());
            one.putLong(entry.usage().input())
                    .putLong(entry.usage().cached())
                    .putLong(entry.usage().output());
            one.putInt(sum(one));
            bytes.position(bytes.position() + ENTRY_BYTES);
        }
        bytes.flip();
        for (long at = size; bytes.hasRemaining(); ) {
            at += file.write(bytes, at);
        }
        file.force(false);
        size += bytes.limit();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private boolean readFully(ByteBuffer bytes) throws IOException {
        bytes.clear();
        while (bytes.hasRemaining()) {
            if (file.read(bytes, size + bytes.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    private static int sum(ByteBuffer entry) {
        CRC32C sum = new CRC32C();
        sum.update(entry.slice(0, ENTRY_BYTES - 4));
        return (int) sum.getValue();
    }
}
