package io.tern.jobs.kafka;

import com.google.protobuf.util.Timestamps;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobLog;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after jobs that nobody else looks after: those past their time, those whose worker fell silent, and those whose
 * end was not told. Every gateway has one; all they do may be done twice.
 */
final class Reaper {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    /** A worker ends its own job on time; only one that cannot is too late by this. */
    private static final Duration RUNNING_LONGER = Duration.ofSeconds(5);

    private static final Duration UNTOLD = Duration.ofSeconds(3);

    private final ArtifactStore store;
    private final JobTable table;
    private final JobEnder ender;
    private final Duration silence;
    private final Map<String, String> pulses = new HashMap<>();

    Reaper(ArtifactStore store, JobTable table, JobEnder ender, Duration silence) {
        this.store = store;
        this.table = table;
        this.ender = ender;
        this.silence = silence;
    }

    /** One round; the owner calls it every second or so, from one thread. */
    void reap() throws InterruptedException {
        pulses.keySet()
                .removeIf(id -> table.get(id)
                        .filter(job -> !JobTransitions.isTerminal(job))
                        .isEmpty());
        for (JobTable.Seen seen : table.live()) {
            try {
                look(seen);
            } catch (TernException e) {
                LOG.info("job {}: {}", seen.job().getId(), e.getMessage());
            }
        }
        for (JobTable.Seen seen : table.untold(UNTOLD)) {
            if (!ender.tell(seen.job())) {
                return; // Kafka is away, for the others, too
            }
        }
    }

    private void look(JobTable.Seen seen) throws InterruptedException {
        Job job = seen.job();
        boolean isRunning = job.getState() == JobState.RUNNING;
        long lateMillis = System.currentTimeMillis() - Timestamps.toMillis(job.getExpiresAt());
        if (lateMillis > (isRunning ? RUNNING_LONGER.toMillis() : 0)) {
            JobError error = JobTeller.expiry();
            ender.end(job, new JobChange.Expired(error, JobPublisher.now()));
        } else if (isRunning && seen.silentNanos() > UNTOLD.toNanos()) {
            JobLog log = store.log(job.getId());
            log.end().ifPresent(table::merge);
            if (!log.isOver() && seen.silentNanos() > silence.toNanos()) {
                requeueUnlessAlive(job, log);
            }
        }
    }

    /** A worker that Kafka does not hear may still beat in the store. One that does not has lost its job. */
    private void requeueUnlessAlive(Job known, JobLog log) throws InterruptedException {
        Job last = log.last().orElse(known); // the topics may outlive the store
        String pulse = store.pulse(last.getId(), last.getAttempt());
        if (!pulse.equals(pulses.put(last.getId(), pulse))) {
            table.heard(last.getId());
            return;
        }
        JobError error = JobTeller.error(ErrorCode.UNAVAILABLE, "its worker was lost");
        Job returned = JobTransitions.apply(last, new JobChange.Returned(last.getAttempt(), error));
        if (last.getState() == JobState.RUNNING && store.append(last.getId(), log.nextPosition(), returned)) {
            LOG.warn("job {}: attempt {} fell silent; it is queued again", last.getId(), last.getAttempt());
            ender.tell(returned);
        }
    }
}
