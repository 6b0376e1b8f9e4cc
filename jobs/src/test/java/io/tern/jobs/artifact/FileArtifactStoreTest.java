package io.tern.jobs.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.jobs.JobLog;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileArtifactStoreTest {
    private static final Duration DAY = Duration.ofHours(24);
    private static final String KEY = Sha256.of("key");

    @TempDir
    Path root;

    private FileArtifactStore store;

    @BeforeEach
    void open() {
        store = FileArtifactStore.open(root);
    }

    @Test
    void keepsALogInOrder() {
        assertThat(store.log("j")).isEqualTo(new JobLog(List.of(), false));
        assertThat(store.append("j", 1, running(1))).isTrue();
        assertThat(store.append("j", 2, end(1))).isTrue();
        assertThat(store.append("j", 2, running(2))).isFalse();
        assertThat(store.log("j").entries()).containsExactly(running(1), end(1));
    }

    /** The one linearisation point: of all who want a position, one gets it, and its entry is there whole. */
    @Test
    void letsOneOfManyWritersHaveAPosition() throws Exception {
        for (int round = 0; round < 50; round++) {
            String id = "job-" + round;
            List<Boolean> won = atOnce(8, writer -> store.append(id, 1, running(writer + 1)));
            assertThat(won).as(id).containsOnlyOnce(true);
            assertThat(store.log(id).last()).as(id).contains(running(won.indexOf(true) + 1));
        }
        assertThat(files("tmp")).isEmpty();
    }

    @Test
    void showsAPulseThatChanges() {
        assertThat(store.pulse("j", 1)).isEmpty();
        store.append("j", 1, running(1));
        store.beat("j", 1, "worker#0");
        assertThat(store.pulse("j", 1)).isEqualTo("worker#0");
        store.beat("j", 1, "worker#1");
        assertThat(store.pulse("j", 1)).isEqualTo("worker#1");
    }

    @Test
    void keepsInputsAndTheResultsOfEachAttempt() throws IOException {
        JobRequest request = JobRequest.getDefaultInstance();
        store.putInput("j", request);
        store.putResult("j", 1, new byte[] {1});
        store.putResult("j", 2, new byte[] {2});
        assertThat(store.input("j")).isEqualTo(request);
        assertThat(store.inputBytes("j")).isEqualTo(request.getSerializedSize());
        store.tidy("j", 2);
        assertThat(store.result("j", 2).readAllBytes()).containsExactly(2);
        assertThatThrownBy(() -> store.result("j", 1))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void erasesAllButTheFactThatTheJobWasThere() throws IOException {
        store.putInput("j", JobRequest.getDefaultInstance());
        store.append("j", 1, running(1));
        store.putResult("j", 1, new byte[] {1});
        store.append("j", 2, end(1));
        store.erase("j");
        store.erase("j");
        assertThat(store.log("j").erased()).isTrue();
        assertThat(files("jobs/j")).containsExactly("log");
        for (int position = 1; position <= 2; position++) {
            assertThat(store.append("j", position, running(2))).isFalse();
        }
    }

    @Test
    void doesNotEraseAJobThatHasNotEnded() {
        store.append("j", 1, running(1));
        assertThatThrownBy(() -> store.erase("j")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void givesOneKeyToOneOfFifty() throws Exception {
        List<KeyRecord> holders = atOnce(50, caller -> store.reserve(KEY, record("job-" + caller, Instant.now()), DAY));
        assertThat(Set.copyOf(holders)).hasSize(1);
    }

    @Test
    void givesAKeyAwayAgainAfterItsTime() {
        Instant start = Instant.ofEpochMilli(1_000_000);
        store.reserve(KEY, record("first", start), DAY);
        KeyRecord early = store.reserve(KEY, record("early", start.plus(DAY).minusMillis(1)), DAY);
        assertThat(early.jobId()).isEqualTo("first");
        assertThat(store.reserve(KEY, record("late", start.plus(DAY)), DAY).jobId())
                .isEqualTo("late");
        assertThat(store.reserve(KEY, record("later", start.plus(DAY)), DAY).jobId())
                .isEqualTo("late");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "a/../../x", "/etc/passwd", "%2e%2e%2f", "a\u0000b", ""})
    void refusesIdsThatLeaveTheFolder(String id) {
        assertThatThrownBy(() -> store.append(id, 1, running(1))).isInstanceOf(TernException.class);
        assertThatThrownBy(() -> store.log(id)).isInstanceOf(TernException.class);
        assertThatThrownBy(() -> store.result(id, 1)).isInstanceOf(TernException.class);
        assertThatThrownBy(() -> store.reserve(id, record("j", Instant.now()), DAY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void followsNoLinks(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("secret"), "s");
        Files.createSymbolicLink(root.resolve("jobs/linked"), elsewhere);
        assertThatThrownBy(() -> store.append("linked", 1, running(1))).isInstanceOf(TernException.class);
        store.append("j", 1, running(1));
        Files.createSymbolicLink(root.resolve("jobs/j/result-1"), elsewhere.resolve("secret"));
        assertThatThrownBy(() -> store.result("j", 1)).isInstanceOf(TernException.class);
        assertThat(files(elsewhere.toString())).containsExactly("secret");
    }

    @Test
    void clearsWhatADeadWriterLeftButNotWhatALivingOneWrites() throws IOException {
        Path left = Files.writeString(root.resolve("tmp/left"), "half");
        Path fresh = Files.writeString(root.resolve("tmp/fresh"), "half");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
        FileArtifactStore.open(root);
        assertThat(left).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void sweepsTracesOfErasedJobsAndOldKeysOnly() throws IOException {
        for (String id : List.of("erased", "kept")) {
            store.append(id, 1, end(1));
        }
        store.erase("erased");
        store.putInput("never-begun", JobRequest.getDefaultInstance());
        store.reserve(KEY, record("j", Instant.now()), DAY);
        store.sweep(Instant.now().minusSeconds(60));
        assertThat(files("jobs")).containsExactly("erased", "kept", "never-begun");
        store.sweep(Instant.now().plusSeconds(60));
        assertThat(files("jobs")).containsExactly("kept");
        assertThat(files("keys")).isEmpty();
        assertThat(files("tmp")).isEmpty();
    }

    private Set<String> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return new TreeSet<>(
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }

    private interface Writer<T> {
        T write(int number) throws Exception;
    }

    private static <T> List<T> atOnce(int writers, Writer<T> writer) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> results = IntStream.range(0, writers)
                    .mapToObj(number -> threads.submit((Callable<T>) () -> {
                        start.await();
                        return writer.write(number);
                    }))
                    .toList();
            start.countDown();
            return results.stream().map(FileArtifactStoreTest::join).toList();
        }
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static KeyRecord record(String id, Instant at) {
        return new KeyRecord(id, Sha256.of("request"), at);
    }

    private static Job running(int attempt) {
        return Job.newBuilder()
                .setId("j")
                .setState(JobState.RUNNING)
                .setAttempt(attempt)
                .build();
    }

    private static Job end(int attempt) {
        return running(attempt).toBuilder().setState(JobState.SUCCEEDED).build();
    }
}
