package io.tern.jobs.kafka;

import io.tern.jobs.JobChange;
import io.tern.jobs.JobLog;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.v1.Job;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends jobs from outside of their worker: in the log, where it counts, then in the view, then for all the world. */
final class JobEnder {
    private static final Logger LOG = LoggerFactory.getLogger(JobEnder.class);
    private static final Duration TELL = Duration.ofSeconds(1);

    private final ArtifactStore store;
    private final JobTable table;
    private final JobPublisher publisher;

    JobEnder(ArtifactStore store, JobTable table, JobPublisher publisher) {
        this.store = store;
        this.table = table;
        this.publisher = publisher;
    }

    /**
     * Ends the job in its log, unless it has ended.
     *
     * @param known the job where its log is empty
     * @return the end that stands, ours or an earlier one; empty if the job was erased
     */
    Optional<Job> decide(Job known, JobChange change) {
        while (true) {
            JobLog log = store.log(known.getId());
            if (log.isOver()) {
                return log.end();
            }
            Job end = JobTransitions.apply(log.last().orElse(known), change);
            if (store.append(known.getId(), log.nextPosition(), end)) {
                return Optional.of(end);
            }
        }
    }

    /** As {@link #decide}, and tells it; if that fails, the reaper tells it later. */
    Optional<Job> end(Job known, JobChange change) throws InterruptedException {
        Optional<Job> end = decide(known, change);
        if (end.isPresent()) {
            tell(end.get());
        } else {
            table.erase(known.getId());
        }
        return end;
    }

    /** @return whether all know it now */
    boolean tell(Job job) throws InterruptedException {
        table.merge(job);
        try {
            publisher.state(job, TELL);
            return true;
        } catch (KafkaException e) {
            LOG.info("job {}: its state could not be told yet: {}", job.getId(), e.getMessage());
            return false;
        }
    }
}
