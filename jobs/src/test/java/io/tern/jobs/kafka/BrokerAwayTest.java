package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobOwner;
import io.tern.jobs.JobType;
import io.tern.jobs.WebhookSender;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.SubmitRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The broker goes and comes back. */
@Timeout(90)
@TestMethodOrder(MethodOrderer.MethodName.class)
class BrokerAwayTest {
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(JobsSettings.standard());
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void finishesARunningJobWhoseBrokerRestarts() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        try (var _ = cluster.worker(JobType.GENERATION, 2, (_, _, progress, _) -> {
            calls.incrementAndGet();
            running.countDown();
            KafkaJobsTest.await(back);
            progress.fraction(0.9);
            return Cluster.output("done");
        })) {
            Job job = cluster.submit(JobType.GENERATION, "over a restart");
            KafkaJobsTest.await(running);
            cluster.broker().stop();
            assertThat(cluster.jobs().get(job.getId()).getState()).isEqualTo(JobState.RUNNING);
            cluster.broker().start();
            back.countDown();
            Job end = cluster.end(job);
            assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(end.getAttempt()).isEqualTo(1);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void refusesSubmissionsAndGoesOnReadingWhileTheBrokerIsAway() throws Exception {
        Set<String> run = ConcurrentHashMap.newKeySet();
        try (var _ = cluster.worker(JobType.DECODING, 2, (request, _, _, _) -> {
            run.add(Cluster.text(request));
            return Cluster.output("");
        })) {
            Job before = cluster.end(cluster.submit(JobType.DECODING, "before"));
            SubmitRequest keyed = Cluster.request(JobType.DECODING, "keyed").toBuilder()
                    .setIdempotencyKey("asked for again")
                    .build();
            cluster.broker().stop();
            for (int i = 0; i < 3; i++) {
                assertUnavailable(Cluster.request(JobType.DECODING, "refused"));
            }
            assertUnavailable(keyed);
            assertThat(cluster.jobs().get(before.getId())).isEqualTo(before);
            assertThat(cluster.jobs()
                            .list(ListJobsRequest.getDefaultInstance(), JobOwner.EVERYBODY)
                            .jobs())
                    .contains(before);
            cluster.broker().start();
            Job accepted = eventually(keyed);
            assertThat(cluster.end(accepted).getState()).isEqualTo(JobState.SUCCEEDED);
            assertThat(run).containsExactlyInAnyOrder("before", "keyed");
        }
    }

    @Test
    void runsExactlyWhatItAcceptedWhileTheBrokerRestarts() throws Exception {
        Set<String> run = ConcurrentHashMap.newKeySet();
        ConcurrentLinkedQueue<Job> accepted = new ConcurrentLinkedQueue<>();
        Set<String> refused = ConcurrentHashMap.newKeySet();
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch some = new CountDownLatch(60);
        CountDownLatch away = new CountDownLatch(1);
        CountDownLatch down = new CountDownLatch(1);
        try (var _ = cluster.worker(JobType.DETECTION, 2, (request, _, _, _) -> {
            run.add(Cluster.text(request));
            return Cluster.output("");
        })) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int client = 0; client < 4; client++) {
                    threads.submit(() -> {
                        for (int i = 0; i < 25 || down.getCount() > 0; i++) {
                            String text = "job " + asked.incrementAndGet();
                            try {
                                accepted.add(cluster.submit(JobType.DETECTION, text));
                            } catch (TernException e) {
                                refused.add(text);
                                away.countDown();
                            }
                            some.countDown();
                        }
                    });
                }
                KafkaJobsTest.await(some);
                cluster.broker().stop();
                KafkaJobsTest.await(away);
                cluster.broker().start();
                down.countDown();
            }
            List<String> states = new ArrayList<>();
            for (Job job : accepted) {
                states.add(cluster.end(job).getState().name());
            }
            assertThat(states).containsOnly("SUCCEEDED");
            assertThat(refused).as("the broker was away").isNotEmpty();
            assertThat(run).hasSize(accepted.size()).doesNotContainAnyElementsOf(refused);
        }
    }

    /** Gateways start before their broker; so do workers. */
    @Test
    void startsWithoutABrokerAndWaitsForIt() throws Exception {
        cluster.broker().stop();
        try (KafkaJobs jobs = new KafkaJobs(
                        cluster.bootstrapServers(), cluster.store(), JobsSettings.standard(), WebhookSender.NONE);
                var _ = cluster.worker(JobType.GENERATION, 1, (_, _, _, _) -> Cluster.output("late"))) {
            assertThatThrownBy(() -> jobs.list(ListJobsRequest.getDefaultInstance(), JobOwner.EVERYBODY))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            cluster.broker().start();
            assertThat(cluster.end(eventually(Cluster.request(JobType.GENERATION, "early")))
                            .getState())
                    .isEqualTo(JobState.SUCCEEDED);
        }
    }

    private static Job eventually(SubmitRequest request) {
        return Cluster.until(() -> {
            try {
                return Optional.of(cluster.submit(request));
            } catch (TernException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                return Optional.empty();
            }
        });
    }

    private static void assertUnavailable(SubmitRequest request) {
        assertThatThrownBy(() -> cluster.submit(request))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
}
