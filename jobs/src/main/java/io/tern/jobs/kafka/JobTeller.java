package io.tern.jobs.kafka;

import io.tern.base.ErrorCode;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobState;
import java.time.Duration;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what the log of a job says already. */
final class JobTeller {
    private static final Logger LOG = LoggerFactory.getLogger(JobTeller.class);
    private static final Duration END = Duration.ofSeconds(60);
    private static final Duration BEGIN = Duration.ofSeconds(2);

    private final ArtifactStore store;
    private final JobPublisher publisher;
    private final StepProbe probe;

    JobTeller(ArtifactStore store, JobPublisher publisher, StepProbe probe) {
        this.store = store;
        this.publisher = publisher;
        this.probe = probe;
    }

    /** Tells a state that another will follow; if Kafka is away, the work does not wait for it. */
    void passing(Job job) throws InterruptedException {
        try {
            publisher.state(job, BEGIN);
        } catch (KafkaException e) {
            LOG.info("job {}: its state could not be told: {}", job.getId(), e.getMessage());
        }
    }

    /**
     * Tells the end, again if it was told before: a crash may have come between.
     *
     * @return what is to become of the record
     */
    AcknowledgeType end(Job end) throws InterruptedException {
        tidy(end);
        try {
            publisher.state(end, END);
        } catch (KafkaException e) {
            LOG.warn("job {}: its end could not be told: {}", end.getId(), e.getMessage());
            return AcknowledgeType.RELEASE;
        }
        probe.reached(JobStep.TOLD, end.getId());
        return AcknowledgeType.ACCEPT;
    }

    void tidy(Job end) {
        store.tidy(end.getId(), end.getState() == JobState.SUCCEEDED ? end.getAttempt() : 0);
    }

    static JobError error(ErrorCode code, String message) {
        return JobError.newBuilder()
                .setCode(code.wireName())
                .setMessage(message)
                .build();
    }

    static JobError expiry() {
        return error(ErrorCode.DEADLINE_EXCEEDED, "expired before it was done");
    }
}
