package io.tern.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tern.base.TernException;
import io.tern.jobs.JobOwner;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

@Timeout(60)
class FileStoreTest {
    private static final JobOwner OWNER = JobOwner.of("owner");
    private static final FileQuestion ALL = FileQuestion.of(Map.of());

    @TempDir
    private Path root;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-29T00:00:00Z"));
    private FileStore store;

    @BeforeEach
    void open() {
        store = FileStore.open(root, new FileLimits(100, 150), now::get);
    }

    private StoredFile kept(int bytes, Long expiresAfter) throws Exception {
        try (FileDraft draft = store.begin(OWNER, bytes)) {
            draft.write(ByteBuffer.allocate(bytes));
            return draft.keep("name", FilePurpose.BATCH, expiresAfter);
        }
    }

    @Test
    void whatHasExpiredIsGoneAtOnceAndErasedLater() throws Exception {
        StoredFile file = kept(10, 3_600L);
        now.set(now.get().plusSeconds(3_599));
        assertThat(store.get(OWNER, file.id())).isEqualTo(file);
        now.set(now.get().plusSeconds(1));
        assertThatThrownBy(() -> store.get(OWNER, file.id())).isInstanceOf(TernException.class);
        assertThat(store.list(OWNER, ALL).files()).isEmpty();
        assertThat(root.resolve("files").resolve(file.id())).exists();
        store.sweep();
        assertThat(root.resolve("files").resolve(file.id())).doesNotExist();
    }

    @Test
    void theSweepErasesWhatHasExpired() throws Exception {
        StoredFile over = kept(10, 3_600L);
        StoredFile kept = kept(10, null);
        now.set(now.get().plusSeconds(3_600));
        try (FileSweep _ = new FileSweep(store, Schedulers.immediate())) {
            while (Files.exists(root.resolve("files").resolve(over.id()))) {
                Thread.onSpinWait();
            }
            assertThat(root.resolve("files").resolve(kept.id())).exists();
        }
    }

    @Test
    void uploadsUnderWayTakeTheirRoomBeforehand() throws Exception {
        try (FileDraft first = store.begin(OWNER, 100);
                FileDraft second = store.begin(OWNER, 100);
                FileDraft another = store.begin(JobOwner.of("another"), 100)) {
            first.write(ByteBuffer.allocate(100));
            another.write(ByteBuffer.allocate(100));
            second.write(ByteBuffer.allocate(50));
            assertThatThrownBy(() -> second.write(ByteBuffer.allocate(1)))
                    .hasMessage("file: no room (expected: at most 150 bytes in all files together; delete some)");
        }
        assertThat(kept(100, null).bytes()).isEqualTo(100); // what was not kept has given its room back
    }

    @Test
    void aFileThatSeveralNamesHaveCountsOnce() throws Exception {
        StoredFile file = kept(100, null);
        Path folder = Files.createDirectory(root.resolve("batches/batch_x" + OWNER.mark()));
        store.link(file, folder.resolve("input"));
        store.requireRoom(OWNER);
        store.delete(OWNER, file.id());
        assertThat(Files.size(folder.resolve("input"))).isEqualTo(100);
        Files.write(folder.resolve("output"), new byte[50]);
        assertThatThrownBy(() -> store.requireRoom(OWNER)).hasMessageStartingWith("files: 150 bytes");
    }

    @Test
    void keepingTwiceKeepsTheFirst() throws Exception {
        Path output = Files.write(root.resolve("batches/output"), new byte[] {1});
        StoredFile file = store.stored(store.nextId(OWNER), 1, "output.jsonl", FilePurpose.BATCH_OUTPUT, null);
        store.keep(file, output);
        Path other = Files.write(root.resolve("batches/other"), new byte[] {1, 2});
        store.keep(file, other);
        assertThat(Files.readAllBytes(root.resolve("files").resolve(file.id()).resolve(FileStore.CONTENT)))
                .containsExactly(1);
        assertThat(root.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void nothingOutsideIsReached() throws Exception {
        Files.writeString(root.resolve("secret"), "x");
        for (String id : new String[] {"../secret", "file-/../../secret", "..", "", "file-" + OWNER.mark()}) {
            assertThatThrownBy(() -> store.content(OWNER, id)).isInstanceOf(TernException.class);
            assertThatThrownBy(() -> store.delete(OWNER, id)).isInstanceOf(TernException.class);
        }
        assertThat(root.resolve("secret")).exists();
    }

    @Test
    void aFullDiskIsToldAsOne() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "only Linux has a disk that is always full");
        assertThatThrownBy(() -> FileStore.storing(() -> Files.write(full, new byte[1])))
                .isInstanceOf(TernException.class)
                .hasMessage("files: cannot be kept now, as the server's disk is full; try again");
        assertThatThrownBy(() -> FileStore.storing(() -> Files.write(root, new byte[1])))
                .hasMessage("files: cannot be kept now, as the server's disk does not answer; try again");
    }
}
