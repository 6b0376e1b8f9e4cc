package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobOwner;
import io.tern.jobs.JobType;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.SubmitRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(Cluster.Shared.class)
@Timeout(60)
class KafkaJobsTest {
    private final Cluster cluster;

    KafkaJobsTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @EnumSource(JobType.class)
    void takesAJobOfEachTypeFromSubmissionToItsResult(JobType type) throws Exception {
        try (var _ = cluster.worker(type, 1, (request, _, progress, _) -> {
            progress.fraction(0.5);
            progress.preview(new byte[] {1, 2, 3});
            progress.token("to");
            progress.token("ken");
            return Cluster.output("made of " + Cluster.text(request));
        })) {
            Job queued = cluster.submit(type, "clay");
            assertThat(queued.getState()).isEqualTo(JobState.QUEUED);
            assertThat(cluster.jobs().get(queued.getId()).getCreatedAt()).isEqualTo(queued.getCreatedAt());
            Job end = cluster.end(queued);
            assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(end.getAttempt()).isEqualTo(1);
            assertThat(end.getProgress()).isEqualTo(1);
            assertThat(end.getResult().getContentType()).isEqualTo("text/plain");
            assertThat(end.getResult().getSizeBytes()).isEqualTo("made of clay".length());
            assertThat(cluster.result(end)).isEqualTo("made of clay");
            assertThat(cluster.jobs().get(end.getId())).isEqualTo(end);
        }
    }

    @Test
    void callsTheWebhookOfAJobHoweverItEnds() throws Exception {
        cluster.called.clear();
        SubmitRequest request = Cluster.request(JobType.DECODING, "a webhook").toBuilder()
                .setWebhook("https://hooks.example/tern")
                .build();
        Job cancelled = cluster.submit(request);
        assertThat(cancelled.getWebhook()).isEqualTo("https://hooks.example/tern");
        cluster.jobs().cancel(cancelled.getId());
        assertThat(cluster.called.poll(20, TimeUnit.SECONDS))
                .satisfies(job -> assertThat(job.getState()).isEqualTo(JobState.CANCELLED));
        try (var _ = cluster.worker(JobType.DECODING, 1, (_, _, _, _) -> Cluster.output("done"))) {
            Job done = cluster.submit(request);
            cluster.end(cluster.submit(JobType.DECODING, "no webhook"));
            Job told = cluster.called.poll(20, TimeUnit.SECONDS);
            assertThat(told).isEqualTo(cluster.jobs().get(done.getId()));
            assertThat(told.getState()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void tellsAllEventsInOrderAndGoesOnAfterTheLastOneHeard() throws Exception {
        try (var _ = cluster.worker(JobType.DECODING, 1, (_, _, progress, _) -> {
            for (int token = 0; token < 20; token++) {
                progress.token("t" + token);
            }
            return Cluster.output("done");
        })) {
            Job job = cluster.submit(JobType.DECODING, "x");
            List<SequencedEvent> all = events(job.getId(), 0);
            assertThat(all).isSortedAccordingTo((one, other) -> Long.compare(one.sequence(), other.sequence()));
            assertThat(all.getFirst().event().getState().getState()).isEqualTo(JobState.QUEUED);
            assertThat(all.getLast().event().getState().getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(all.stream()
                            .map(SequencedEvent::event)
                            .filter(JobEvent::hasToken)
                            .map(JobEvent::getToken))
                    .containsExactlyElementsOf(IntStream.range(0, 20)
                            .mapToObj(token -> "t" + token)
                            .toList());
            SequencedEvent tenth = all.get(10);
            assertThat(events(job.getId(), tenth.sequence())).isEqualTo(all.subList(11, all.size()));
            // Another gateway, or this one after a restart, counts the same.
            try (KafkaJobView other = new KafkaJobView(cluster.bootstrapServers(), cluster.store())) {
                other.list(ListJobsRequest.getDefaultInstance(), JobOwner.EVERYBODY);
                List<SequencedEvent> again = new ArrayList<>();
                CompletableFuture<Void> ended = new CompletableFuture<>();
                other.watch(job.getId(), tenth.sequence(), listener(again, ended));
                ended.get(20, TimeUnit.SECONDS);
                assertThat(again).isEqualTo(all.subList(11, all.size()));
            }
        }
    }

    @Test
    void givesTheSameJobUnderTheSameKeyAndRefusesAnotherRequest() throws Exception {
        SubmitRequest request = Cluster.request(JobType.DETECTION, "same").toBuilder()
                .setIdempotencyKey("the key")
                .build();
        Job first = cluster.submit(request);
        assertThat(cluster.submit(request).getId()).isEqualTo(first.getId());
        assertCode(
                ErrorCode.IDEMPOTENCY_CONFLICT,
                () -> cluster.submit(request.toBuilder().setTimeoutSeconds(7).build()));
        cluster.jobs().delete(first.getId());
        assertCode(ErrorCode.IDEMPOTENCY_CONFLICT, () -> cluster.submit(request));
    }

    @Test
    void makesOneJobOfFiftySubmissionsAtOnceUnderOneKey() throws Exception {
        SubmitRequest request = Cluster.request(JobType.DETECTION, "fifty").toBuilder()
                .setIdempotencyKey("fifty at once")
                .build();
        Set<String> ids = new HashSet<>();
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Job>> jobs = IntStream.range(0, 50)
                    .mapToObj(_ -> threads.submit((Callable<Job>) () -> {
                        start.await();
                        return cluster.submit(request);
                    }))
                    .toList();
            start.countDown();
            for (Future<Job> job : jobs) {
                ids.add(job.get(20, TimeUnit.SECONDS).getId());
            }
        }
        assertThat(ids).hasSize(1);
        String id = ids.iterator().next();
        assertThat(cluster.read(Topics.JOBS).stream()
                        .filter(record -> id.equals(new String(record.key(), StandardCharsets.UTF_8))))
                .hasSize(1);
        cluster.jobs().cancel(id);
    }

    @Test
    void carriesALargeRequestInTheStore() throws Exception {
        String large = "x".repeat(3 << 20);
        Job job = cluster.submit(JobType.DETECTION, large);
        assertThat(cluster.store().input(job.getId())).isEqualTo(Cluster.jobRequest(JobType.DETECTION, large));
        try (var _ = cluster.worker(
                JobType.DETECTION,
                1,
                (request, _, _, _) -> Cluster.output("" + Cluster.text(request).length()))) {
            assertThat(cluster.end(job).getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(cluster.result(job)).isEqualTo("" + (3 << 20));
        }
    }

    @Test
    void cancelsAQueuedJobSoThatItNeverBegins() throws Exception {
        Job cancelled = cluster.submit(JobType.GENERATION, "cancelled");
        Job end = cluster.jobs().cancel(cancelled.getId());
        assertThat(end.getState()).isEqualTo(JobState.CANCELLED);
        Job next = cluster.submit(JobType.GENERATION, "next");
        Set<String> begun = new HashSet<>();
        try (var _ = cluster.worker(JobType.GENERATION, 1, (request, _, _, _) -> {
            begun.add(Cluster.text(request));
            return Cluster.output("");
        })) {
            cluster.end(next);
            assertThat(begun).containsExactly("next");
            assertThat(cluster.jobs().get(cancelled.getId())).isEqualTo(end);
            assertThat(cluster.jobs().cancel(cancelled.getId())).isEqualTo(end);
            assertCode(ErrorCode.NOT_FOUND, () -> cluster.jobs().result(cancelled.getId()));
        }
    }

    @Test
    void stopsARunningJobOnCancel() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (var worker = cluster.worker(JobType.GENERATION, 1, (_, _, _, cancellation) -> {
            CountDownLatch cancelled = new CountDownLatch(1);
            try (var _ = cancellation.onCancel(cancelled::countDown)) {
                running.countDown();
                await(cancelled);
                stopped.countDown();
                cancellation.throwIfCancelled();
            }
            return Cluster.output("never");
        })) {
            Job job = cluster.submit(JobType.GENERATION, "long");
            await(running);
            assertThat(cluster.jobs().cancel(job.getId()).getState()).isEqualTo(JobState.CANCELLED);
            await(stopped);
            assertThat(cluster.end(job).getState()).isEqualTo(JobState.CANCELLED);
            assertThat(worker.counters().values())
                    .containsEntry("succeeded", 0L)
                    .containsEntry("stale", 0L);
        }
    }

    @Test
    void erasesARunningJobWithAllItsTraces() throws Exception {
        Job job;
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (var _ = cluster.worker(JobType.GENERATION, 1, (_, _, progress, cancellation) -> {
            progress.token("secret");
            try (var _ = cancellation.onCancel(stopped::countDown)) {
                running.countDown();
                await(stopped);
            }
            return Cluster.output("secret");
        })) {
            job = cluster.submit(JobType.GENERATION, "x".repeat(300 << 10));
            CompletableFuture<Job> end = cluster.ended(job.getId());
            await(running);
            cluster.jobs().delete(job.getId());
            await(stopped);
            assertThat(end.handle((ended, _) ->
                                    ended == null ? "erased" : ended.getState().name())
                            .get(20, TimeUnit.SECONDS))
                    .isIn("CANCELLED", "erased");
            assertCode(ErrorCode.NOT_FOUND, () -> cluster.jobs().get(job.getId()));
            assertCode(ErrorCode.NOT_FOUND, () -> cluster.jobs().delete(job.getId()));
            assertCode(ErrorCode.NOT_FOUND, () -> cluster.jobs().watch(job.getId(), 0, listener(List.of(), null)));
            // A gateway that reads all topics from the beginning does not find it either.
            cluster.end(cluster.submit(JobType.GENERATION, "a job later"));
            try (KafkaJobView other = new KafkaJobView(cluster.bootstrapServers(), cluster.store())) {
                assertThat(other.list(ListJobsRequest.newBuilder().setLimit(100).build(), JobOwner.EVERYBODY)
                                .jobs())
                        .extracting(Job::getId)
                        .isNotEmpty()
                        .doesNotContain(job.getId());
            }
        }
        assertThat(cluster.artifacts().resolve("jobs/" + job.getId()).toFile().list())
                .containsExactly("log");
        assertThat(cluster.store().log(job.getId()).erased()).isTrue();
    }

    @Test
    void expiresAJobThatWaitsTooLong() throws Exception {
        Job job = cluster.submit(Cluster.request(JobType.GENERATION, "impatient").toBuilder()
                .setTimeoutSeconds(1)
                .build());
        Job end = cluster.end(job);
        assertThat(end.getState()).isEqualTo(JobState.EXPIRED);
        assertThat(end.getError().getCode()).isEqualTo("deadline_exceeded");
        assertThat(end.getAttempt()).isZero();
    }

    @Test
    void expiresAJobThatRunsTooLong() throws Exception {
        try (var _ = cluster.worker(JobType.GENERATION, 1, (request, _, _, cancellation) -> {
            if (Cluster.text(request).equals("endless")) {
                CountDownLatch cancelled = new CountDownLatch(1);
                try (var _ = cancellation.onCancel(cancelled::countDown)) {
                    await(cancelled);
                }
                cancellation.throwIfCancelled();
            }
            return Cluster.output("quick");
        })) {
            cluster.end(cluster.submit(JobType.GENERATION, "the worker is ready"));
            Job end = cluster.end(cluster.submit(Cluster.request(JobType.GENERATION, "endless").toBuilder()
                    .setTimeoutSeconds(1)
                    .build()));
            assertThat(end.getState()).isEqualTo(JobState.EXPIRED);
            assertThat(end.getAttempt()).isEqualTo(1);
        }
    }

    /** The same key in two hands is two keys, and each lists its own. */
    @Test
    void ownersDoNotMeet() {
        JobOwner one = JobOwner.of("one");
        JobOwner other = JobOwner.of("other");
        SubmitRequest request = Cluster.request(JobType.DETECTION, "owned").toBuilder()
                .setIdempotencyKey("the same")
                .build();
        Job first = cluster.jobs().submit(request, one);
        Job second = cluster.jobs().submit(request, other);
        assertThat(second.getId()).isNotEqualTo(first.getId());
        assertThat(cluster.jobs().submit(request, one).getId()).isEqualTo(first.getId());
        assertThat(one.owns(first.getId()) && other.owns(second.getId())).isTrue();
        assertThat(one.owns(second.getId()) || other.owns(first.getId())).isFalse();
        ListJobsRequest all = ListJobsRequest.getDefaultInstance();
        assertThat(cluster.jobs().list(all, one).jobs()).extracting(Job::getId).containsExactly(first.getId());
        assertThat(cluster.jobs().list(all, JobOwner.EVERYBODY).jobs())
                .extracting(Job::getId)
                .contains(first.getId(), second.getId());
        cluster.jobs().cancel(first.getId());
        cluster.jobs().cancel(second.getId());
    }

    @Test
    void listsTheNewestFirstPageByPage() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Job job = cluster.submit(JobType.DETECTION, "page " + i);
            ids.addFirst(job.getId());
            cluster.jobs().cancel(job.getId());
            await(tick());
        }
        ListJobsRequest cancelled = ListJobsRequest.newBuilder()
                .setState(JobState.CANCELLED)
                .setType("detection")
                .setLimit(2)
                .build();
        JobPage first = cluster.jobs().list(cancelled, JobOwner.EVERYBODY);
        JobPage second = cluster.jobs()
                .list(
                        cancelled.toBuilder()
                                .setAfter(first.jobs().getLast().getId())
                                .build(),
                        JobOwner.EVERYBODY);
        assertThat(first.jobs()).extracting(Job::getId).containsExactlyElementsOf(ids.subList(0, 2));
        assertThat(second.jobs()).extracting(Job::getId).containsExactlyElementsOf(ids.subList(2, 4));
        assertThat(first.hasMore()).isTrue();
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> cluster.jobs().list(cancelled.toBuilder().setLimit(0).build(), JobOwner.EVERYBODY));
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> cluster.jobs()
                        .list(cancelled.toBuilder().setAfter("nobody").build(), JobOwner.EVERYBODY));
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> cluster.jobs()
                        .list(cancelled.toBuilder().setType("washing").build(), JobOwner.EVERYBODY));
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        SubmitRequest good = Cluster.request(JobType.DETECTION, "x");
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> cluster.submit(SubmitRequest.getDefaultInstance()));
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> cluster.submit(good.toBuilder().setTimeoutSeconds(0).build()));
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> cluster.submit(good.toBuilder().setTimeoutSeconds(604_801).build()));
        assertCode(
                ErrorCode.INVALID_ARGUMENT,
                () -> cluster.submit(
                        good.toBuilder().setIdempotencyKey("k".repeat(256)).build()));
        assertCode(ErrorCode.NOT_FOUND, () -> cluster.jobs().get("nobody"));
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> cluster.jobs().get("../nobody"));
        assertCode(ErrorCode.NOT_FOUND, () -> cluster.jobs().cancel("nobody"));
    }

    private List<SequencedEvent> events(String id, long after) throws Exception {
        List<SequencedEvent> events = new ArrayList<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        cluster.jobs().watch(id, after, listener(events, ended));
        ended.get(30, TimeUnit.SECONDS);
        return events;
    }

    private static JobListener listener(List<SequencedEvent> events, CompletableFuture<Void> ended) {
        return new JobListener() {
            @Override
            public void event(SequencedEvent event) {
                events.add(event);
            }

            @Override
            public void ended() {
                ended.complete(null);
            }

            @Override
            public void failed(TernException failure) {
                ended.completeExceptionally(failure);
            }
        };
    }

    /** Until the clock, by which jobs are sorted, has gone on. */
    private static CountDownLatch tick() {
        long now = System.currentTimeMillis();
        while (System.currentTimeMillis() == now) {
            Thread.onSpinWait();
        }
        return new CountDownLatch(0);
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertCode(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
