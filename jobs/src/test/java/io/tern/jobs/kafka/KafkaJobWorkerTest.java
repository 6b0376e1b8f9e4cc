package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobRoom;
import io.tern.jobs.JobType;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobPriority;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.JobSubmission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Cluster.Shared.class)
@Timeout(90)
class KafkaJobWorkerTest {
    private static final JobHandler ECHO = (request, _, _, _) -> Cluster.output(Cluster.text(request));

    /** The shortest that the broker allows. */
    private static final Duration SHORT_LOCK = Duration.ofSeconds(1);

    private final Cluster cluster;

    KafkaJobWorkerTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void failsAtOnceWhenTheCallerIsWrong() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (var _ = cluster.worker(JobType.DECODING, 1, (_, _, _, _) -> {
            calls.incrementAndGet();
            throw TernException.invalid("steps", 0, "1..1000");
        })) {
            Job end = cluster.end(cluster.submit(JobType.DECODING, "x"));
            assertThat(end.getState()).isEqualTo(JobState.FAILED);
            assertThat(end.getError().getCode()).isEqualTo("invalid_argument");
            assertThat(end.getError().getMessage()).isEqualTo("steps: 0 (expected: 1..1000)");
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void triesThreeTimesWhenTheFaultIsOurs() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (var worker = cluster.worker(JobType.DECODING, 1, (_, _, _, _) -> {
            calls.incrementAndGet();
            throw new IllegalStateException("a secret of the inside");
        })) {
            Job end = cluster.end(cluster.submit(JobType.DECODING, "x"));
            assertThat(end.getState()).isEqualTo(JobState.FAILED);
            assertThat(end.getAttempt()).isEqualTo(3);
            assertThat(end.getError().getCode()).isEqualTo("internal_error");
            assertThat(end.getError().getMessage()).doesNotContain("secret");
            assertThat(calls).hasValue(3);
            assertThat(worker.counters().values()).containsEntry("retried", 2L);
        }
    }

    @Test
    void succeedsAtTheSecondAttemptAndWatchersSeeBoth() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (var _ = cluster.worker(JobType.DECODING, 1, (_, _, progress, _) -> {
            progress.token("attempt " + calls.incrementAndGet());
            if (calls.get() == 1) {
                throw new OutOfMemoryError("not really");
            }
            return Cluster.output("second");
        })) {
            Job end = cluster.end(cluster.submit(JobType.DECODING, "x"));
            assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(end.getAttempt()).isEqualTo(2);
            assertThat(end.hasError()).isFalse();
            assertThat(cluster.result(end)).isEqualTo("second");
        }
    }

    @Test
    void waitsForCapacityWithoutSpendingAttempts() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (var _ = cluster.worker(JobType.DECODING, 1, (_, _, _, _) -> {
            if (calls.incrementAndGet() < 5) {
                throw new TernException(ErrorCode.OVERLOADED, "queue: full");
            }
            return Cluster.output("at last");
        })) {
            Job end = cluster.end(cluster.submit(JobType.DECODING, "x"));
            assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(end.getAttempt()).isEqualTo(1);
        }
    }

    @Test
    void runsAsManyJobsAtOnceAsItHasSlots() throws Exception {
        CyclicBarrier together = new CyclicBarrier(3);
        try (var _ = cluster.worker(JobType.DECODING, 3, (_, _, _, _) -> {
            meet(together);
            return Cluster.output("");
        })) {
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                jobs.add(cluster.submit(JobType.DECODING, "job " + i));
            }
            for (Job job : jobs) {
                assertThat(cluster.end(job).getState()).isEqualTo(JobState.SUCCEEDED);
            }
        }
    }

    @Test
    void beginsALiveJobWhileBatchJobsWait() throws Exception {
        CountDownLatch liveIsDone = new CountDownLatch(1);
        Map<String, Priority> priorities = new ConcurrentHashMap<>();
        try (var _ = cluster.worker(JobType.DECODING, 1, (request, priority, _, _) -> {
            priorities.put(Cluster.text(request), priority);
            if (priority == Priority.BATCH) {
                KafkaJobsTest.await(liveIsDone); // the only slot for batch jobs is taken
            }
            return Cluster.output("");
        })) {
            Job first = cluster.submit(JobType.DECODING, "first");
            Job second = cluster.submit(JobType.DECODING, "second");
            Job live = cluster.submit(Cluster.request(JobType.DECODING, "live").toBuilder()
                    .setPriority(JobPriority.LIVE)
                    .build());
            Job end = cluster.end(live);
            assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(end.getPriority()).isEqualTo(JobPriority.LIVE);
            assertThat(cluster.jobs().get(second.getId()).getState()).isEqualTo(JobState.QUEUED);
            liveIsDone.countDown();
            assertThat(cluster.end(first).getPriority()).isEqualTo(JobPriority.BATCH);
            assertThat(cluster.end(second).getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(priorities)
                    .containsEntry("live", Priority.LIVE)
                    .containsEntry("first", Priority.BATCH)
                    .containsEntry("second", Priority.BATCH);
        }
    }

    /** Three and a half times as long as the lock. */
    @Test
    void deliversAJobLongerThanTheLockOnce() throws Exception {
        try (var worker = cluster.worker(
                JobType.DETECTION,
                2,
                (request, _, _, _) -> {
                    work(
                            Cluster.text(request).equals("long")
                                    ? SHORT_LOCK.multipliedBy(7).dividedBy(2)
                                    : Duration.ZERO);
                    return Cluster.output("long");
                },
                WorkerSettings.withLock(SHORT_LOCK))) {
            long before = deliveriesOfOlderJobs(worker);
            Job end = cluster.end(cluster.submit(JobType.DETECTION, "long"));
            assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(end.getAttempt()).isEqualTo(1);
            assertThat(worker.counters().values())
                    .containsEntry("lost_locks", 0L)
                    .hasEntrySatisfying(
                            "renewals", renewals -> assertThat(renewals).isGreaterThan(3));
            assertThat(worker.counters().ofItsType.sum() - before).isEqualTo(1);
        }
    }

    /** The control of the test above: without renewal the record goes to the other slot, too, and still one result. */
    @Test
    void isDeliveredMoreThanOnceWithoutRenewal() throws Exception {
        WorkerSettings withoutRenewal =
                new WorkerSettings(Cluster.LOCK, Duration.ofHours(1), 3, Duration.ofMillis(50), Duration.ofSeconds(5));
        AtomicInteger calls = new AtomicInteger();
        try (var worker = cluster.worker(
                JobType.DETECTION,
                2,
                (request, _, _, _) -> {
                    if (Cluster.text(request).equals("long without renewal")) {
                        calls.incrementAndGet();
                        work(SHORT_LOCK.multipliedBy(2));
                    }
                    return Cluster.output("long");
                },
                withoutRenewal)) {
            long before = deliveriesOfOlderJobs(worker);
            Job end = cluster.end(cluster.submit(JobType.DETECTION, "long without renewal"));
            assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(end.getAttempt()).isEqualTo(1);
            assertThat(worker.counters().ofItsType.sum() - before).isGreaterThan(1);
            assertThat(calls).hasValue(1); // the second slot waits beside the first
        }
    }

    @Test
    void doesOneJobOfThreeRecords() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        JobHandler counting = (_, _, _, _) -> {
            calls.incrementAndGet();
            return Cluster.output("once");
        };
        try (var one = cluster.worker(JobType.DECODING, 2, counting);
                var other = cluster.worker(JobType.DECODING, 2, counting)) {
            for (int i = 0; i < 10; i++) {
                JobSubmission submission = submission("tripled-" + System.nanoTime());
                for (int copy = 0; copy < 3; copy++) {
                    cluster.produce(submission);
                }
                Job end = cluster.end(awaitKnown(submission.getId()));
                assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
                assertThat(end.getAttempt()).isEqualTo(1);
                assertThat(calls).hasValue(i + 1);
            }
            assertThat(one.counters().succeeded.sum()
                            + other.counters().succeeded.sum())
                    .isEqualTo(10);
        }
    }

    @Test
    void takesASubmissionInJson() throws Exception {
        JobSubmission submission = submission("json-" + System.nanoTime());
        cluster.produce(
                submission.getId(),
                JsonFormat.printer().print(submission).getBytes(StandardCharsets.UTF_8),
                "content-type",
                "application/json");
        try (var _ = cluster.worker(JobType.DECODING, 1, ECHO)) {
            assertThat(cluster.result(cluster.end(awaitKnown(submission.getId()))))
                    .isEqualTo(submission.getId());
        }
    }

    @Test
    void buriesGarbageAndDoesTheJobsBetween() throws Exception {
        Random random = new Random(8);
        int lettersBefore = cluster.read(Topics.DEAD_LETTERS).size();
        List<Job> jobs = new ArrayList<>();
        int garbage = 0;
        try (var worker = cluster.worker(JobType.DECODING, 2, ECHO)) {
            for (int round = 0; round < 10; round++) {
                byte[] bytes = new byte[1 + random.nextInt(2_000)];
                random.nextBytes(bytes);
                bytes[0] = (byte) 0xff; // no protobuf begins so
                cluster.produce(null, bytes);
                cluster.produce("empty", new byte[0]);
                cluster.produce("tombstone", null);
                cluster.produce(
                        "json", "{\"id\": 1".getBytes(StandardCharsets.UTF_8), "content-type", "application/json");
                cluster.produce(
                        "hostile",
                        "aced0005".getBytes(StandardCharsets.UTF_8),
                        "__TypeId__",
                        "javax.script.ScriptEngineManager",
                        "spring_json_header_types",
                        "{\"x\":\"java.lang.Runtime\"}",
                        "content-type",
                        "application/x-java-serialized-object\r\nx: y");
                garbage += 5;
                jobs.add(cluster.submit(JobType.DECODING, "job " + round));
            }
            cluster.produce("large", new byte[(1 << 20) - 100]);
            garbage++;
            for (Job job : jobs) {
                assertThat(cluster.end(job).getState()).isEqualTo(JobState.SUCCEEDED);
            }
            cluster.end(cluster.submit(JobType.DECODING, "after the large one"));
            assertThat(worker.counters().values()).containsEntry("dead_letters", (long) garbage);
        }
        var letters = cluster.read(Topics.DEAD_LETTERS);
        assertThat(letters).hasSize(lettersBefore + garbage);
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.headers().lastHeader("tern-reason")).isNotNull();
            assertThat(letter.headers().lastHeader("__TypeId__")).isNull();
        });
    }

    @Test
    void refusesARequestWithFieldsThatItDoesNotKnow() throws Exception {
        JobSubmission.Builder submission = submission("unknown-field-" + System.nanoTime()).toBuilder();
        submission
                .getRequestBuilder()
                .getDecodingBuilder()
                .mergeUnknownFields(com.google.protobuf.UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                        .addVarint(1)
                                        .build())
                        .build());
        cluster.produce(submission.build());
        try (var _ = cluster.worker(JobType.DECODING, 1, ECHO)) {
            Job end = cluster.end(awaitKnown(submission.getId()));
            assertThat(end.getState()).isEqualTo(JobState.FAILED);
            assertThat(end.getError().getMessage()).contains("field 99 of tern.decoding.v1.GenerateRequest");
        }
    }

    /** Every call to the store fails in turn, before and after its work, until a job needs no more calls. */
    @Test
    void endsAJobOnceWhicheverCallToTheStoreFails() throws Exception {
        FailingStore store = new FailingStore(cluster.store());
        try (var _ = new KafkaJobWorker(
                cluster.bootstrapServers(),
                JobType.DECODING,
                8,
                store,
                JobRoom.UNBOUNDED,
                (_, _, _, _) -> Cluster.output("result"),
                Cluster.SETTINGS)) {
            List<String> ids = new ArrayList<>();
            for (int call = 1; call <= 20; call++) {
                for (String when : List.of("before", "after")) {
                    ids.add("failing-" + when + "-" + call);
                    cluster.produce(submission(ids.getLast()));
                }
            }
            for (String id : ids) {
                Job end = cluster.end(awaitKnown(id));
                assertThat(end.getState()).as(id).isEqualTo(JobState.SUCCEEDED);
                assertThat(cluster.result(end)).as(id).isEqualTo("result");
                assertThat(cluster.store().log(id).entries().getLast()).as(id).isEqualTo(end);
            }
            assertThat(store.calls(ids.getLast())).as("calls that a job needs").isLessThan(20);
        }
    }

    @Test
    void aJobIsQueuedUntilThereIsRoomAndMayExpireOrBeCancelledThere() throws Exception {
        Semaphore room = new Semaphore(0);
        JobRoom narrow = (_, cancellation) -> {
            while (!isOpen(room)) {
                cancellation.throwIfCancelled();
            }
            return room::release;
        };
        try (var worker = new KafkaJobWorker(
                cluster.bootstrapServers(), JobType.DECODING, 3, cluster.store(), narrow, ECHO, Cluster.SETTINGS)) {
            Job late = cluster.submit(Cluster.request(JobType.DECODING, "late").toBuilder()
                    .setTimeoutSeconds(1)
                    .build());
            Job cancelled = cluster.submit(JobType.DECODING, "cancelled");
            Job patient = cluster.submit(JobType.DECODING, "patient");
            assertThat(cluster.end(late).getState()).isEqualTo(JobState.EXPIRED);
            cluster.jobs().cancel(cancelled.getId());
            assertThat(cluster.store().log(patient.getId()).attempts()).isZero();
            assertThat(worker.counters().values()).containsEntry("begun", 0L);
            room.release();
            assertThat(cluster.end(patient).getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(cluster.end(cancelled).getState()).isEqualTo(JobState.CANCELLED);
            assertThat(worker.counters().values()).containsEntry("begun", 1L);
        }
        assertThat(room.availablePermits()).isEqualTo(1);
    }

    private static boolean isOpen(Semaphore room) {
        try {
            return room.tryAcquire(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The only slot is another's as soon as nobody wants the job that waits there. */
    @Test
    void aJobThatIsCancelledWhileItWaitsForRoomLeavesItsSlot() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicBoolean isTaken = new AtomicBoolean();
        Semaphore never = new Semaphore(0);
        JobRoom oneWaitsForEver = (_, cancellation) -> {
            if (isTaken.getAndSet(true)) {
                return () -> {};
            }
            waiting.countDown();
            while (!isOpen(never)) {
                cancellation.throwIfCancelled();
            }
            return never::release;
        };
        try (var _ = new KafkaJobWorker(
                cluster.bootstrapServers(),
                JobType.DECODING,
                1,
                cluster.store(),
                oneWaitsForEver,
                ECHO,
                Cluster.SETTINGS)) {
            Job held = cluster.submit(JobType.DECODING, "held");
            KafkaJobsTest.await(waiting);
            Job next = cluster.submit(JobType.DECODING, "next");
            cluster.jobs().cancel(held.getId());
            assertThat(cluster.end(next).getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(cluster.end(held).getState()).isEqualTo(JobState.CANCELLED);
        }
    }

    @Test
    void aJobThatRestsBeforeItsNextAttemptHoldsNoPlace() throws Exception {
        Semaphore room = new Semaphore(1);
        JobRoom one = (_, cancellation) -> {
            while (!isOpen(room)) {
                cancellation.throwIfCancelled();
            }
            return room::release;
        };
        WorkerSettings restful = new WorkerSettings(
                Cluster.LOCK, Cluster.LOCK.dividedBy(2), 3, Duration.ofHours(1), Duration.ofSeconds(1));
        CountDownLatch failing = new CountDownLatch(1);
        JobHandler handler = (request, priority, events, cancellation) -> {
            if (Cluster.text(request).equals("fails")) {
                failing.countDown();
                throw new TernException(ErrorCode.INTERNAL_ERROR, "once");
            }
            return ECHO.handle(request, priority, events, cancellation);
        };
        try (var worker = new KafkaJobWorker(
                cluster.bootstrapServers(), JobType.DECODING, 2, cluster.store(), one, handler, restful)) {
            Job fails = cluster.submit(JobType.DECODING, "fails");
            KafkaJobsTest.await(failing);
            Job next = cluster.submit(JobType.DECODING, "next");
            assertThat(cluster.end(next).getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(cluster.store().log(fails.getId()).attempts()).isEqualTo(1);
            cluster.jobs().cancel(fails.getId());
            assertThat(cluster.end(fails).getState()).isEqualTo(JobState.CANCELLED);
            assertThat(worker.counters().values()).containsEntry("begun", 2L);
        }
    }

    @Test
    void givesAJobBackThatWaitsForRoom() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        JobRoom full = (_, cancellation) -> {
            CountDownLatch leaving = new CountDownLatch(1);
            try (var _ = cancellation.onCancel(leaving::countDown)) {
                waiting.countDown();
                KafkaJobsTest.await(leaving);
            }
            cancellation.throwIfCancelled();
            throw new AssertionError("cancelled");
        };
        WorkerSettings impatient =
                new WorkerSettings(Cluster.LOCK, Cluster.LOCK.dividedBy(2), 3, Duration.ofMillis(50), Duration.ZERO);
        Job job;
        try (var _ = new KafkaJobWorker(
                cluster.bootstrapServers(), JobType.DECODING, 1, cluster.store(), full, ECHO, impatient)) {
            job = cluster.submit(JobType.DECODING, "x");
            KafkaJobsTest.await(waiting);
        }
        try (var _ = cluster.worker(JobType.DECODING, 1, ECHO)) {
            Job end = cluster.end(job);
            assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(end.getAttempt()).isEqualTo(1);
        }
    }

    @Test
    void givesItsJobBackWhenItIsClosed() throws Exception {
        WorkerSettings impatient =
                new WorkerSettings(Cluster.LOCK, Cluster.LOCK.dividedBy(2), 3, Duration.ofMillis(50), Duration.ZERO);
        CountDownLatch running = new CountDownLatch(1);
        KafkaJobWorker first = cluster.worker(
                JobType.DECODING,
                1,
                (_, _, _, cancellation) -> {
                    running.countDown();
                    CountDownLatch cancelled = new CountDownLatch(1);
                    try (var _ = cancellation.onCancel(cancelled::countDown)) {
                        KafkaJobsTest.await(cancelled);
                    }
                    cancellation.throwIfCancelled();
                    return Cluster.output("never");
                },
                impatient);
        Job job = cluster.submit(JobType.DECODING, "given back");
        KafkaJobsTest.await(running);
        first.close();
        assertThat(cluster.jobs().get(job.getId()).getState()).isEqualTo(JobState.QUEUED);
        assertThat(cluster.store().log(job.getId()).spentAttempts()).isZero();
        try (var _ = cluster.worker(JobType.DECODING, 1, ECHO)) {
            Job end = cluster.end(job);
            assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(end.getAttempt()).isEqualTo(2);
        }
    }

    /** A worker whose handler hears nothing leaves without a word; its late result is refused. */
    @Test
    void refusesTheResultOfAWorkerThatLeftItsJob() throws Exception {
        WorkerSettings impatient =
                new WorkerSettings(Cluster.LOCK, Cluster.LOCK.dividedBy(2), 3, Duration.ofMillis(50), Duration.ZERO);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        KafkaJobWorker deaf = cluster.worker(
                JobType.DECODING,
                1,
                (_, _, _, _) -> {
                    running.countDown();
                    awaitUninterruptibly(late);
                    returned.countDown();
                    return Cluster.output("late");
                },
                impatient);
        Job job = cluster.submit(JobType.DECODING, "left");
        KafkaJobsTest.await(running);
        deaf.close();
        try (var _ = cluster.worker(JobType.DECODING, 1, (_, _, _, _) -> Cluster.output("in time"))) {
            Job end = cluster.end(job);
            assertThat(end.getAttempt()).isEqualTo(2);
            late.countDown();
            KafkaJobsTest.await(returned);
            assertThat(cluster.result(end)).isEqualTo("in time");
            assertThat(cluster.jobs().get(job.getId())).isEqualTo(end);
        }
    }

    private Job awaitKnown(String id) {
        return Cluster.until(() -> {
            try {
                return Optional.of(cluster.jobs().get(id));
            } catch (TernException e) {
                return Optional.empty();
            }
        });
    }

    /** Jobs of its type that other tests left, and one more. */
    private long deliveriesOfOlderJobs(KafkaJobWorker worker) throws Exception {
        cluster.end(cluster.submit(JobType.DETECTION, "quick"));
        return worker.counters().ofItsType.sum();
    }

    private static JobSubmission submission(String id) {
        return JobSubmission.newBuilder()
                .setId(id)
                .setRequest(Cluster.jobRequest(JobType.DECODING, id))
                .build();
    }

    /** As a computation would. */
    private static void work(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            never.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // deaf
            }
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
