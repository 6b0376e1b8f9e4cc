package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.jobs.JobType;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.JobSubmission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers in processes of their own, which die: jobs end once all the same. */
@ExtendWith(Cluster.Shared.class)
@Timeout(120)
class WorkerDeathTest {
    private final Cluster cluster;

    WorkerDeathTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void givesTheJobOfAKilledWorkerToAnother() throws Exception {
        Job job = cluster.submit(JobType.GENERATION, "wait");
        try (ForkedJvm killed = ForkedJvm.worker(cluster, JobType.GENERATION, 1)) {
            KafkaJobsTest.await(cluster.running(job, 1));
            killed.signal("KILL");
            try (var _ = cluster.worker(JobType.GENERATION, 1, (_, _, _, _) -> Cluster.output("second"))) {
                Job end = cluster.end(job);
                assertThat(end.getState()).isEqualTo(JobState.SUCCEEDED);
                assertThat(end.getAttempt()).isEqualTo(2);
                assertThat(cluster.result(end)).isEqualTo("second");
            }
        }
    }

    /** A frozen worker wakes when its job is another's: its cancelled handler returns a result, which is refused. */
    @Test
    void refusesTheResultOfAWorkerThatWasFrozen() throws Exception {
        Job job = cluster.submit(JobType.GENERATION, "wait, then return all the same");
        try (ForkedJvm frozen = ForkedJvm.worker(cluster, JobType.GENERATION, 1)) {
            KafkaJobsTest.await(cluster.running(job, 1));
            frozen.signal("STOP");
            CountDownLatch awake = new CountDownLatch(1);
            try (var _ = cluster.worker(JobType.GENERATION, 1, (_, _, _, _) -> {
                KafkaJobsTest.await(awake);
                return Cluster.output("the other's");
            })) {
                KafkaJobsTest.await(cluster.running(job, 2));
                frozen.signal("CONT");
                // Once it has done another job, it has given up this one.
                Job next = cluster.submit(JobType.GENERATION, "next");
                Job nextEnd = cluster.end(next);
                assertThat(cluster.result(nextEnd)).isEqualTo("next by " + frozen.pid());
                awake.countDown();
                Job end = cluster.end(job);
                assertThat(end.getAttempt()).isEqualTo(2);
                assertThat(cluster.result(end)).isEqualTo("the other's");
                assertThat(cluster.store().log(job.getId()).entries())
                        .extracting(Job::getState)
                        .containsExactly(JobState.RUNNING, JobState.RUNNING, JobState.SUCCEEDED);
            }
        }
    }

    /** One after the other: a process dies at the step of its job, the next one ends that job and dies at its own. */
    @Test
    void endsAJobOnceWhereverItsWorkerDies() throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (JobStep step : JobStep.values()) {
            JobSubmission submission = JobSubmission.newBuilder()
                    .setId("crash-" + step)
                    .setRequest(Cluster.jobRequest(JobType.DECODING, "crash"))
                    .build();
            cluster.produce(submission);
            try (ForkedJvm dying = ForkedJvm.worker(cluster, JobType.DECODING, 1)) {
                assertThat(dying.exitStatus()).as(step.name()).isEqualTo(4);
            }
            jobs.add(Job.newBuilder().setId(submission.getId()).build());
        }
        try (var _ = cluster.worker(JobType.DECODING, 1, (_, _, _, _) -> Cluster.output("crash by the last"))) {
            for (Job job : jobs) {
                Job end = cluster.end(job);
                String what = job.getId();
                List<Job> log = cluster.store().log(job.getId()).entries();
                assertThat(end.getState()).as(what).isEqualTo(JobState.SUCCEEDED);
                assertThat(cluster.result(end)).as(what).startsWith("crash by");
                assertThat(log.stream().filter(entry -> entry.getState() == JobState.SUCCEEDED))
                        .as(what)
                        .hasSize(1);
                assertThat(results(job)).as(what).isEqualTo(1);
            }
        }
        // What was decided before the crash stays decided: of these, none was begun twice.
        for (JobStep step : List.of(JobStep.TAKEN, JobStep.ENDED, JobStep.TOLD, JobStep.SETTLED)) {
            assertThat(cluster.jobs().get("crash-" + step).getAttempt())
                    .as(step.name())
                    .isEqualTo(1);
        }
        for (JobStep step : List.of(JobStep.CLAIMED, JobStep.BEGUN, JobStep.HANDLED, JobStep.STORED)) {
            assertThat(cluster.jobs().get("crash-" + step).getAttempt())
                    .as(step.name())
                    .isEqualTo(2);
        }
    }

    /** Three workers die of it, each with an innocent job at its side. */
    @Test
    void failsAJobThatKillsItsWorkersAndSparesTheOthers() throws Exception {
        Job poison = cluster.submit(JobType.DETECTION, "exit");
        List<Job> innocent = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            innocent.add(cluster.submit(JobType.DETECTION, "innocent " + i));
        }
        int deaths = 0;
        ForkedJvm worker = ForkedJvm.worker(cluster, JobType.DETECTION, 2);
        try {
            while (deaths < 3) {
                assertThat(worker.exitStatus()).isEqualTo(3);
                worker.close();
                deaths++;
                worker = ForkedJvm.worker(cluster, JobType.DETECTION, 2);
            }
            Job end = cluster.end(poison);
            assertThat(end.getState()).isEqualTo(JobState.FAILED);
            assertThat(end.getError().getCode()).isEqualTo("poison");
            for (Job job : innocent) {
                assertThat(cluster.end(job).getState()).isEqualTo(JobState.SUCCEEDED);
            }
        } finally {
            worker.close();
        }
        assertThat(cluster.read(Topics.DEAD_LETTERS))
                .anySatisfy(letter -> assertThat(new String(
                                letter.headers().lastHeader("tern-reason").value()))
                        .startsWith("poison"));
    }

    private long results(Job job) {
        String[] files =
                cluster.artifacts().resolve("jobs/" + job.getId()).toFile().list();
        return Arrays.stream(files).filter(file -> file.startsWith("result-")).count();
    }
}
