package io.tern.gateway.files;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobOwner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that is being written, on disk from its first byte; nobody sees it before it is kept. One thread at a time. */
final class FileDraft implements AutoCloseable {
    private final FileStore store;
    private final JobOwner owner;
    private final Path folder;
    private final FileChannel content;
    /** Bytes that are taken for it in the caller's quota. */
    private final long room;

    private long size;
    private boolean kept;

    FileDraft(FileStore store, JobOwner owner, Path folder, long room) throws IOException {
        this.store = store;
        this.owner = owner;
        this.folder = folder;
        this.room = room;
        this.content = FileChannel.open(folder.resolve(FileStore.CONTENT), CREATE_NEW, WRITE);
    }

    JobOwner owner() {
        return owner;
    }

    long room() {
        return room;
    }

    /** @throws TernException PAYLOAD_TOO_LARGE */
    void write(ByteBuffer bytes) throws IOException {
        long more = bytes.remaining();
        if (size + more > store.limits().maxBytes()) {
            throw new TernException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "file: too large (expected: at most " + store.limits().maxBytes() + " bytes)",
                    "file",
                    null);
        }
        if (size + more > room) {
            throw new TernException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "file: no room (expected: at most " + store.limits().quotaBytes()
                            + " bytes in all files together; delete some)",
                    "file",
                    null);
        }
        while (bytes.hasRemaining()) {
            content.write(bytes);
        }
        size += more;
    }

    /** @param expiresAfter seconds from now; null: never */
    StoredFile keep(String filename, FilePurpose purpose, @Nullable Long expiresAfter) throws IOException {
        content.force(true);
        StoredFile file = store.stored(store.nextId(owner), size, filename, purpose, expiresAfter);
        store.publish(folder, file);
        kept = true;
        return file;
    }

    @Override
    public void close() throws IOException {
        content.close();
        store.forget(this);
        if (!kept) {
            store.discard(folder);
        }
    }
}
