package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.TernException;
import io.tern.jobs.JobOwner;
import io.tern.jobs.JobRoom;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.JobType;
import io.tern.jobs.WebhookSender;
import io.tern.jobs.artifact.FileArtifactStore;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed while a worker holds a job, and comes back; the worker lives on. */
@Timeout(120)
class BrokerDeathTest {
    private static final Duration LOCK = Duration.ofSeconds(30);
    /** Longer than the broker is away, so that the first renewal meets the new one, which knows no session of ours. */
    private static final Duration RENEWAL = Duration.ofSeconds(12);

    /** Kafka's share consumer gives out no record any more once a renewal got no answer, so the slot has to make another. */
    @Test
    void aSlotWhoseRenewalWasLostTakesTheNextJob(@TempDir Path folder) throws Exception {
        int port = EmbeddedBroker.freePort();
        int controllerPort = EmbeddedBroker.freePort();
        Path kafka = folder.resolve("kafka");
        String bootstrapServers = "127.0.0.1:" + port;
        FileArtifactStore store = FileArtifactStore.open(folder.resolve("artifacts"));
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        try (ForkedJvm broker = ForkedJvm.broker(kafka, port, controllerPort);
                KafkaJobs jobs = new KafkaJobs(bootstrapServers, store, JobsSettings.standard(), WebhookSender.NONE);
                KafkaJobWorker worker = new KafkaJobWorker(
                        bootstrapServers,
                        JobType.GENERATION,
                        1,
                        store,
                        JobRoom.UNBOUNDED,
                        (request, _, _, _) -> {
                            if (Cluster.text(request).equals("held")) {
                                running.countDown();
                                KafkaJobsTest.await(back);
                            }
                            return Cluster.output("");
                        },
                        new WorkerSettings(LOCK, RENEWAL, 3, Duration.ofMillis(50), Duration.ofSeconds(5)))) {
            Cluster.until(() -> jobs.isReady() ? Optional.of("ready") : Optional.empty());
            Job held = submit(jobs, "held");
            Job next = submit(jobs, "next");
            KafkaJobsTest.await(running);
            broker.signal("KILL");
            broker.exitStatus();
            Cluster.until(() -> worker.counters().lostLocks.sum() > 0 ? Optional.of("lost") : Optional.empty());
            try (ForkedJvm _ = ForkedJvm.broker(kafka, port, controllerPort)) {
                back.countDown();
                assertThat(end(jobs, held).getState()).isEqualTo(JobState.SUCCEEDED);
                assertThat(end(jobs, next).getState()).isEqualTo(JobState.SUCCEEDED);
            }
        }
    }

    private static Job submit(KafkaJobs jobs, String text) {
        return jobs.submit(Cluster.request(JobType.GENERATION, text), JobOwner.EVERYBODY);
    }

    private static Job end(KafkaJobs jobs, Job job) throws Exception {
        return Cluster.until(() -> {
            try {
                return Optional.of(jobs.get(job.getId())).filter(JobTransitions::isTerminal);
            } catch (TernException e) {
                return Optional.empty();
            }
        });
    }
}
