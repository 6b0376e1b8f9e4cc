package io.tern.jobs.kafka;

import io.tern.base.ErrorCode;
import io.tern.base.ErrorKind;
import io.tern.base.TernException;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobLog;
import io.tern.jobs.JobRoom;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.kafka.Delivery.Submission;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One delivery of one job, from the look at its log to what Kafka is told. Whatever happens, it goes back to the log:
 * the log says what there is to do, and each step of it can be repeated after a crash.
 */
final class JobRun implements Callable<AcknowledgeType> {
    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
    private static final Duration TELL = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(100);
    static final Duration STORE_AWAY = Duration.ofMillis(500);

    private final WorkerParts parts;
    private final Submission submission;
    private final ConsumerRecord<byte[], byte[]> record;
    private final String id;
    private final RunControl control;
    private volatile @Nullable JobAttempt current;
    /** How long the job is to rest before it is delivered again. */
    private Duration rest = Duration.ZERO;

    JobRun(WorkerParts parts, Submission submission, ConsumerRecord<byte[], byte[]> record) {
        this.parts = parts;
        this.submission = submission;
        this.record = record;
        this.id = submission.queued().getId();
        this.control = new RunControl(submission.queued().getExpiresAt());
    }

    /** @return ACCEPT: nothing is left to do for this record; RELEASE: it is to be delivered again */
    @Override
    public AcknowledgeType call() throws InterruptedException {
        parts.probe().reached(JobStep.TAKEN, id);
        while (true) {
            try {
                Optional<AcknowledgeType> settled = advance();
                if (settled.isPresent()) {
                    control.pause(rest); // without its place, which is another's meanwhile
                    return settled.get();
                }
            } catch (TernException e) {
                if (e.kind() != ErrorKind.CAPACITY) {
                    throw e;
                }
                if (control.isGivingBack()) {
                    return AcknowledgeType.RELEASE;
                }
                LOG.warn("job {}: {}; trying again", id, e.getMessage());
                Thread.sleep(STORE_AWAY);
            }
        }
    }

    String id() {
        return id;
    }

    /** Its log has changed: what nobody wants any more ends, whether it works or waits. */
    void look() {
        JobAttempt attempt = current;
        if (attempt != null) {
            attempt.look();
        } else if (parts.store().log(id).isOver()) {
            control.stop();
        }
    }

    /** The worker is being shut down: another one is to do the job. */
    void giveBack() {
        control.giveBack();
    }

    /** Tells that the job runs, if it does. */
    void beat() {
        JobAttempt attempt = current;
        if (attempt != null) {
            attempt.beat();
        }
    }

    /** Nobody waits for it any more: it shows no sign of life from here on, whatever its handler does. */
    void abandon() {
        JobAttempt attempt = current;
        if (attempt != null) {
            attempt.abandon();
        }
    }

    /** One look at the log and what follows from it; empty: look again. */
    private Optional<AcknowledgeType> advance() throws InterruptedException {
        JobLog log = parts.store().log(id);
        if (log.erased()) {
            return Optional.of(AcknowledgeType.ACCEPT);
        }
        if (log.end().isPresent()) {
            return Optional.of(parts.teller().end(log.end().get()));
        }
        if (control.isGivingBack()) {
            return Optional.of(AcknowledgeType.RELEASE);
        }
        if (control.isExpired()) {
            return end(log, new JobChange.Expired(JobTeller.expiry(), JobPublisher.now()));
        }
        if (last(log).getState() == JobState.RUNNING && claimantMayLive(log)) {
            return Optional.empty();
        }
        if (log.spentAttempts() >= parts.settings().attempts()) {
            return poisoned(log);
        }
        try {
            return log.isSuspect() ? beginAlone(log) : beginWithOthers(log);
        } catch (TernException e) {
            if (control.cancellation().isCancelled()) {
                return Optional.empty(); // while it waited, and the log or the control says why
            }
            throw e;
        }
    }

    private Optional<AcknowledgeType> beginAlone(JobLog log) throws InterruptedException {
        try (Quarantine.Stay _ = parts.quarantine().enterAlone(control.cancellation());
                LargeInputs.Place _ = memory();
                JobRoom.Place _ = room()) {
            return claim(log);
        }
    }

    /** One that waits for its place does not keep a suspect from being alone. */
    private Optional<AcknowledgeType> beginWithOthers(JobLog log) throws InterruptedException {
        parts.quarantine().awaitOpen(control.cancellation());
        try (LargeInputs.Place _ = memory();
                JobRoom.Place _ = room()) {
            Optional<Quarantine.Stay> entered = parts.quarantine().tryEnter();
            if (entered.isEmpty()) {
                return Optional.empty();
            }
            try (Quarantine.Stay _ = entered.get()) {
                return claim(log);
            }
        }
    }

    private LargeInputs.Place memory() {
        return submission.request().isPresent()
                ? () -> {}
                : parts.inputs()
                        .enter(submission.lane().priority(), parts.store().inputBytes(id), control.cancellation());
    }

    private JobRoom.Place room() {
        return parts.room().enter(submission.lane().priority(), control.cancellation());
    }

    private Optional<AcknowledgeType> claim(JobLog log) throws InterruptedException {
        if (hasMoved(log)) {
            return Optional.empty(); // much may have happened while it waited
        }
        Job job = JobTransitions.apply(last(log), new JobChange.Began(log.attempts() + 1, JobPublisher.now()));
        if (!parts.store().append(id, log.nextPosition(), job)) {
            return Optional.empty();
        }
        JobAttempt attempt =
                new JobAttempt(parts, control, submission, job, log.nextPosition(), log.spentAttempts() + 1);
        current = attempt;
        try {
            return attempt.call();
        } finally {
            current = null;
            rest = attempt.rest();
        }
    }

    /** Waits for another worker that runs the job, until it is over, or silent for half of the lock, or known dead. */
    private boolean claimantMayLive(JobLog log) throws InterruptedException {
        String first = parts.store().pulse(id, log.attempts());
        long silentSince = System.nanoTime();
        long patience = parts.settings().lock().dividedBy(2).toNanos();
        String pulse = first;
        while (!isDead(Pulse.identity(pulse)) && System.nanoTime() - silentSince <= patience) {
            Thread.sleep(LOOK);
            pulse = parts.store().pulse(id, log.attempts());
            if (!pulse.equals(first) || hasMoved(log) || control.isGivingBack() || control.isExpired()) {
                return true;
            }
        }
        return false;
    }

    private boolean isDead(String identity) {
        return parts.identity().isSameWorker(identity)
                ? !parts.running().containsKey(id)
                : parts.identity().knowsDead(identity);
    }

    private boolean hasMoved(JobLog log) {
        JobLog now = parts.store().log(id);
        return now.isOver() || now.nextPosition() != log.nextPosition();
    }

    /** Ends a job that is not ours: nobody runs it. */
    private Optional<AcknowledgeType> end(JobLog log, JobChange change) throws InterruptedException {
        Job end = JobTransitions.apply(last(log), change);
        if (!parts.store().append(id, log.nextPosition(), end)) {
            return Optional.empty();
        }
        parts.counters().ended(end.getState());
        return Optional.of(parts.teller().end(end));
    }

    private Optional<AcknowledgeType> poisoned(JobLog log) throws InterruptedException {
        String message = "ended its worker " + log.spentAttempts() + " times (expected: never)";
        try {
            // Before the end is written: a crash in between makes a second letter, not none.
            parts.publisher().send(DeadLetters.letter(record, "poison: " + message), TELL);
        } catch (KafkaException e) {
            return Optional.of(AcknowledgeType.RELEASE);
        }
        parts.counters().deadLetters.increment();
        return end(
                log,
                new JobChange.Failed(log.attempts(), JobTeller.error(ErrorCode.POISON, message), JobPublisher.now()));
    }

    private Job last(JobLog log) {
        return log.last().orElse(submission.queued());
    }
}
