package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.TernException;
import io.tern.jobs.JobOwner;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.JobType;
import io.tern.jobs.WebhookSender;
import io.tern.jobs.artifact.FileArtifactStore;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL to the broker and the worker while jobs wait, run and end; then all of them again. */
@Timeout(120)
class KillEverythingTest {
    private static final int JOBS = 60;

    @Test
    void losesNoAcceptedJobAndDoublesNone(@TempDir Path folder) throws Exception {
        int port = EmbeddedBroker.freePort();
        int controllerPort = EmbeddedBroker.freePort();
        String bootstrapServers = "127.0.0.1:" + port;
        Path artifacts = folder.resolve("artifacts");
        FileArtifactStore store = FileArtifactStore.open(artifacts);
        List<Job> accepted = new ArrayList<>();
        int endedBefore;
        try (ForkedJvm broker = ForkedJvm.broker(folder.resolve("kafka"), port, controllerPort);
                ForkedJvm worker = ForkedJvm.worker(bootstrapServers, artifacts, JobType.GENERATION, 2);
                KafkaJobs jobs = new KafkaJobs(bootstrapServers, store, JobsSettings.standard(), WebhookSender.NONE)) {
            Cluster.until(() -> jobs.isReady() ? Optional.of("ready") : Optional.empty());
            for (int i = 0; i < JOBS; i++) {
                accepted.add(jobs.submit(Cluster.request(JobType.GENERATION, "job " + i), JobOwner.EVERYBODY));
            }
            Cluster.until(() -> ended(store, accepted) >= 5 ? Optional.of("some") : Optional.empty());
            worker.signal("KILL");
            broker.signal("KILL");
            worker.exitStatus();
            broker.exitStatus();
            endedBefore = ended(store, accepted);
        }
        assertThat(endedBefore).as("ended before").isBetween(5, JOBS - 1);
        try (ForkedJvm _ = ForkedJvm.broker(folder.resolve("kafka"), port, controllerPort);
                ForkedJvm _ = ForkedJvm.worker(bootstrapServers, artifacts, JobType.GENERATION, 2);
                KafkaJobs jobs = new KafkaJobs(bootstrapServers, store, JobsSettings.standard(), WebhookSender.NONE)) {
            for (Job job : accepted) {
                Job end = Cluster.until(() -> find(jobs, job).filter(JobTransitions::isTerminal));
                assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
                assertThat(jobs.result(job.getId()).bytes().readAllBytes()).isNotEmpty();
                // That of an attempt which was killed before its end goes once the end is in the log.
                Cluster.until(() -> results(artifacts, job) == 1 ? Optional.of("one") : Optional.empty());
            }
        }
    }

    private static int ended(FileArtifactStore store, List<Job> jobs) {
        return (int)
                jobs.stream().filter(job -> store.log(job.getId()).isOver()).count();
    }

    private static Optional<Job> find(KafkaJobs jobs, Job job) {
        try {
            return Optional.of(jobs.get(job.getId()));
        } catch (TernException e) {
            return Optional.empty(); // the topics are not read yet
        }
    }

    private static long results(Path artifacts, Job job) {
        return Arrays.stream(artifacts.resolve("jobs/" + job.getId()).toFile().list())
                .filter(file -> file.startsWith("result-"))
                .count();
    }
}
