package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.JobType;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobResult;
import io.tern.jobs.v1.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs that nobody else looks after. */
@Timeout(90)
class ReaperTest {
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(
                new JobsSettings(10, Duration.ofMillis(500), Duration.ofDays(7), JobsSettings.WEBHOOK_WAITS));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void queuesAJobAgainWhoseWorkerFellSilent() throws Exception {
        Job job = cluster.submit(JobType.GENERATION, "silent");
        claim(job);
        Job queued = awaitState(job, JobState.QUEUED);
        assertThat(queued.getAttempt()).isEqualTo(1);
        assertThat(queued.getError().getCode()).isEqualTo("unavailable");
        try (var _ = cluster.worker(JobType.GENERATION, 1, (_, _, _, _) -> Cluster.output("second"))) {
            assertThat(cluster.end(job).getAttempt()).isEqualTo(2);
        }
    }

    /** Someone has emptied the artifacts' folder: that job must not keep the reaper from all others. */
    @Test
    void queuesAJobAgainThatRunsByTheTopicsButHasNoLog() throws Exception {
        Job job = cluster.submit(JobType.GENERATION, "no log");
        cluster.jobs().view().table().merge(JobTransitions.apply(job, new JobChange.Began(1, JobPublisher.now())));
        assertThat(awaitState(job, JobState.QUEUED).getError().getCode()).isEqualTo("unavailable");
        cluster.jobs().cancel(job.getId());
    }

    @Test
    void tellsTheEndThatItsWorkerDecidedAndCouldNotTell() throws Exception {
        Job job = cluster.submit(JobType.GENERATION, "untold");
        Job running = claim(job);
        JobResult result = JobResult.newBuilder().setSizeBytes(1).build();
        Job end = JobTransitions.apply(running, new JobChange.Succeeded(1, result, JobPublisher.now()));
        assertThat(cluster.store().append(job.getId(), 2, end)).isTrue();
        assertThat(cluster.end(job)).isEqualTo(end);
        assertThat(cluster.ended(job.getId()).get(20, TimeUnit.SECONDS)).isEqualTo(end);
    }

    /** A broker archives a record after some deliveries without a word; so does who rejects it. */
    @Test
    void sendsAJobAgainWhoseRecordWasGivenUp() throws Exception {
        Job job = cluster.submit(JobType.DETECTION, "given up");
        KafkaClients clients = new KafkaClients(cluster.bootstrapServers());
        try (ShareLease lease = new ShareLease(clients.taker(new JobLane(JobType.DETECTION, Priority.BATCH).group()))) {
            String taken = "";
            while (!taken.equals(job.getId())) {
                taken = lease.take(Duration.ofMillis(500))
                        .map(record -> new String(record.key()))
                        .orElse("");
                lease.settle(AcknowledgeType.REJECT);
            }
        }
        try (var _ = cluster.worker(JobType.DETECTION, 1, (_, _, _, _) -> Cluster.output("after all"))) {
            keep();
            assertThat(cluster.end(job).getState()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    /** A later version's job lies on the state topic: it must not keep this version from looking after its own. */
    @Test
    void looksAfterItsOwnBesideAJobOfATypeThatItDoesNotKnow() throws Exception {
        Job known = cluster.submit(JobType.GENERATION, "known");
        Job other =
                known.toBuilder().setId("of-a-later-version").setType("dance").build();
        cluster.jobs().view().table().merge(other);
        cluster.jobs().keeper().keep();
        assertThat(cluster.jobs().get(known.getId()).getState()).isEqualTo(JobState.QUEUED);
        cluster.jobs().cancel(known.getId());
        cluster.jobs().view().table().erase(other.getId());
    }

    @Test
    void deletesTheRecordsThatNobodyNeeds() throws Exception {
        try (var _ = cluster.worker(JobType.DETECTION, 1, (_, _, _, _) -> Cluster.output(""));
                var _ = cluster.worker(JobType.GENERATION, 1, (_, _, _, _) -> Cluster.output(""));
                var _ = cluster.worker(JobType.DECODING, 1, (_, _, _, _) -> Cluster.output(""))) {
            for (JobType type : JobType.values()) {
                assertThat(cluster.end(cluster.submit(type, "to be forgotten")).getState())
                        .isEqualTo(JobState.SUCCEEDED);
            }
            Cluster.until(() -> {
                keep();
                return cluster.read(Topics.JOBS).isEmpty() ? Optional.of("trimmed") : Optional.empty();
            });
        }
    }

    @Test
    void refusesMoreJobsThanMayWait() throws Exception {
        List<Job> accepted = new ArrayList<>();
        assertThatThrownBy(() -> {
                    while (true) {
                        accepted.add(cluster.submit(JobType.DECODING, "one more"));
                    }
                })
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(accepted).hasSizeBetween(1, 10);
        assertThat(cluster.jobs().counts().get(JobState.QUEUED)).isEqualTo(10);
        for (Job job : accepted) {
            cluster.jobs().cancel(job.getId());
        }
        cluster.jobs().cancel(cluster.submit(JobType.DECODING, "there is room").getId());
    }

    private static void keep() {
        try {
            cluster.jobs().keeper().keep();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Job claim(Job job) {
        Job running = JobTransitions.apply(job, new JobChange.Began(1, JobPublisher.now()));
        assertThat(cluster.store().append(job.getId(), 1, running)).isTrue();
        cluster.jobs().view().table().merge(running);
        return running;
    }

    private static Job awaitState(Job job, JobState state) {
        return Cluster.until(() -> Optional.of(cluster.jobs().get(job.getId())).filter(now -> now.getState() == state));
    }
}
