package io.tern.jobs.kafka;

import com.google.protobuf.util.Timestamps;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.ErrorKind;
import io.tern.base.TernException;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobLog;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.Sha256;
import io.tern.jobs.UnknownFields;
import io.tern.jobs.kafka.Delivery.Submission;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobResult;
import io.tern.jobs.v1.JobState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
    private static final Duration TELL_BEGIN = Duration.ofSeconds(2);
    private static final Duration STORE_AWAY = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration CAPACITY_FIRST = Duration.ofMillis(100);
    private static final Duration CAPACITY_LONGEST = Duration.ofSeconds(5);

    private final WorkerParts parts;
    private final Submission submission;
    private final ConsumerRecord<byte[], byte[]> record;
    private final String id;
    private final Cancellation cancellation;
    private final long deadlineNanos;
    private volatile @Nullable EventProgress progress;
    private volatile @Nullable Job running;
    private volatile boolean givingBack;
    /** Of this attempt's claim in the log. */
    private volatile int position;

    private int spentAttempts;

    JobRun(WorkerParts parts, Submission submission, ConsumerRecord<byte[], byte[]> record) {
        this.parts = parts;
        this.submission = submission;
        this.record = record;
        this.id = submission.queued().getId();
        // Wall time is only asked for here: a clock that is set while the job runs does not end it.
        long millisLeft = Timestamps.toMillis(submission.queued().getExpiresAt()) - System.currentTimeMillis();
        long nanosLeft = Duration.ofMillis(Math.max(0, millisLeft)).toNanos();
        this.deadlineNanos = System.nanoTime() + nanosLeft;
        this.cancellation = Cancellation.withTimeout(nanosLeft);
    }

    /** @return ACCEPT: nothing is left to do for this record; RELEASE: it is to be delivered again */
    @Override
    public AcknowledgeType call() throws InterruptedException {
        parts.probe().reached(JobStep.TAKEN, id);
        while (true) {
            try {
                Optional<AcknowledgeType> settled = advance();
                if (settled.isPresent()) {
                    return settled.get();
                }
            } catch (TernException e) {
                if (e.kind() != ErrorKind.CAPACITY) {
                    throw e;
                }
                LOG.warn("job {}: {}; trying again", id, e.getMessage());
                if (givingBack) {
                    return AcknowledgeType.RELEASE;
                }
                Thread.sleep(STORE_AWAY);
            }
        }
    }

    /** Ends the handler if its work is no longer wanted: the job ended, expired, or a later attempt was claimed. */
    void look() {
        // On expiry, too, for it runs no callbacks by itself.
        if (isExpired() || hasMoved(position + 1)) {
            cancellation.cancel();
        }
    }

    /** Whether this is not the job's next position any more. */
    private boolean hasMoved(int nextPosition) {
        JobLog log = parts.store().log(id);
        return log.isOver() || log.nextPosition() != nextPosition;
    }

    /** The worker is being shut down: another one is to do the job. */
    void giveBack() {
        givingBack = true;
        cancellation.cancel();
    }

    /** The job as it runs; empty before its attempt is claimed. */
    Optional<Job> running() {
        EventProgress told = progress;
        return Optional.ofNullable(running)
                .map(job -> told == null
                        ? job
                        : job.toBuilder().setProgress(told.done()).build());
    }

    /** One look at the log and what follows from it; empty: look again. */
    private Optional<AcknowledgeType> advance() throws InterruptedException {
        JobLog log = parts.store().log(id);
        if (log.erased()) {
            return Optional.of(AcknowledgeType.ACCEPT);
        }
        if (log.end().isPresent()) {
            return Optional.of(tellEnd(log.end().get()));
        }
        if (givingBack) {
            return Optional.of(AcknowledgeType.RELEASE);
        }
        if (isExpired()) {
            return end(log, new JobChange.Expired(expiry(), JobPublisher.now()));
        }
        if (log.last().orElse(submission.queued()).getState() == JobState.RUNNING && claimantMayLive(log)) {
            return Optional.empty();
        }
        if (log.spentAttempts() >= parts.settings().attempts()) {
            return poisoned(log);
        }
        Optional<Quarantine.Stay> entered = parts.quarantine().enter(log.isSuspect(), () -> givingBack || isExpired());
        if (entered.isEmpty()) {
            return Optional.empty();
        }
        try (Quarantine.Stay _ = entered.get()) {
            // Much may have happened while it waited.
            return hasMoved(log.nextPosition()) ? Optional.empty() : attempt(log);
        }
    }

    /** Waits for another worker that runs the job, until it is over, or silent for half of the lock, or known dead. */
    private boolean claimantMayLive(JobLog log) throws InterruptedException {
        String first = parts.store().pulse(id, log.attempts());
        long silentSince = System.nanoTime();
        long patience = parts.settings().lock().dividedBy(2).toNanos();
        for (String pulse = first;
                !isDead(Pulse.identity(pulse));
                pulse = parts.store().pulse(id, log.attempts())) {
            if (hasMoved(log.nextPosition()) || !pulse.equals(first) || givingBack || isExpired()) {
                Thread.sleep(LOOK);
                return true;
            }
            if (System.nanoTime() - silentSince > patience) {
                return false;
            }
            Thread.sleep(LOOK);
        }
        return false;
    }

    private boolean isDead(String identity) {
        return parts.identity().isSameWorker(identity)
                ? !parts.running().containsKey(id)
                : parts.identity().knowsDead(identity);
    }

    private Optional<AcknowledgeType> attempt(JobLog log) throws InterruptedException {
        int attempt = log.attempts() + 1;
        Job job = JobTransitions.apply(last(log), new JobChange.Began(attempt, JobPublisher.now()));
        if (!parts.store().append(id, log.nextPosition(), job)) {
            return Optional.empty();
        }
        running = job;
        position = log.nextPosition();
        spentAttempts = log.spentAttempts() + 1;
        parts.running().put(id, this);
        EventProgress events = new EventProgress(parts.publisher(), id, attempt);
        progress = events;
        String identity = parts.identity().toText();
        try (Pulse _ =
                new Pulse(parts.store(), id, attempt, identity, parts.settings().lock(), this::look)) {
            parts.counters().begun.increment();
            parts.probe().reached(JobStep.CLAIMED, id);
            tellBegin(job);
            parts.probe().reached(JobStep.BEGUN, id);
            Outcome outcome = handle(job, events);
            events.end();
            parts.probe().reached(JobStep.HANDLED, id);
            return commit(job, outcome);
        } finally {
            events.end();
            parts.running().remove(id, this);
        }
    }

    /** What an attempt came to: bytes, or something else. */
    private sealed interface Outcome {
        record Made(JobOutput output) implements Outcome {}

        record Otherwise(JobChange change) implements Outcome {}
    }

    private Outcome handle(Job job, EventProgress events) throws InterruptedException {
        Duration wait = CAPACITY_FIRST;
        while (true) {
            try {
                JobRequest request =
                        submission.request().orElseGet(() -> parts.store().input(id));
                UnknownFields.first(request).ifPresent(field -> {
                    throw TernException.invalid("request", field, "only fields that this version knows");
                });
                return new Outcome.Made(parts.handler().handle(request, events, cancellation));
            } catch (TernException e) {
                if (cancellation.isCancelled() || e.kind() != ErrorKind.CAPACITY) {
                    return new Outcome.Otherwise(failure(job, e));
                }
                Thread.sleep(wait);
                wait = wait.multipliedBy(2).compareTo(CAPACITY_LONGEST) < 0 ? wait.multipliedBy(2) : CAPACITY_LONGEST;
            } catch (Throwable e) {
                // Broadly, for this is an edge; its message may hold anything, so it stays in our log.
                LOG.error("job {}: its handler failed", id, e);
                return new Outcome.Otherwise(
                        failure(job, new TernException(ErrorCode.INTERNAL_ERROR, "the work failed inside Tern")));
            }
        }
    }

    private JobChange failure(Job job, TernException e) {
        int attempt = job.getAttempt();
        if (givingBack) {
            return new JobChange.Returned(attempt, JobError.getDefaultInstance());
        }
        if (isExpired()) {
            return new JobChange.Expired(expiry(), JobPublisher.now());
        }
        JobError error = error(e.code(), String.valueOf(e.getMessage()));
        boolean hopeless = e.kind() == ErrorKind.CALLER && e.code() != ErrorCode.CANCELLED;
        return hopeless || spentAttempts >= parts.settings().attempts()
                ? new JobChange.Failed(attempt, error, JobPublisher.now())
                : new JobChange.Returned(attempt, error);
    }

    private Optional<AcknowledgeType> commit(Job job, Outcome outcome) throws InterruptedException {
        JobChange change = switch (outcome) {
            case Outcome.Otherwise(JobChange other) -> other;
            case Outcome.Made(JobOutput output) -> stored(job, output);
        };
        Job next = JobTransitions.apply(job, change);
        if (!persist(() -> added(position + 1, next))) {
            return tooLate(job, outcome);
        }
        return Optional.of(
                change instanceof JobChange.Returned(int attempt, JobError reason)
                        ? returned(next, attempt, reason)
                        : finished(next));
    }

    private Optional<AcknowledgeType> tooLate(Job job, Outcome outcome) {
        JobLog log = parts.store().log(id);
        if (outcome instanceof Outcome.Made || log.attempts() > job.getAttempt()) {
            parts.counters().stale.increment();
            LOG.info("job {}: attempt {} came too late and changes nothing", id, job.getAttempt());
        }
        // A later attempt has its own record; this one is done.
        return log.isOver() ? Optional.empty() : Optional.of(AcknowledgeType.ACCEPT);
    }

    /** Writes the result where nobody sees it yet. */
    private JobChange stored(Job job, JobOutput output) throws InterruptedException {
        persist(() -> {
            parts.store().putResult(id, job.getAttempt(), output.bytes());
            return true;
        });
        parts.probe().reached(JobStep.STORED, id);
        JobResult result = JobResult.newBuilder()
                .setContentType(output.contentType())
                .setSizeBytes(output.bytes().length)
                .setSha256(Sha256.of(output.bytes()))
                .build();
        return new JobChange.Succeeded(job.getAttempt(), result, JobPublisher.now());
    }

    /** Whether the entry is in the log, by this call or by an earlier one that failed after it had done its work. */
    private boolean added(int position, Job entry) {
        if (parts.store().append(id, position, entry)) {
            return true;
        }
        JobLog log = parts.store().log(id);
        return log.entries().size() >= position
                && log.entries().get(position - 1).equals(entry);
    }

    private AcknowledgeType returned(Job next, int attempt, JobError reason) throws InterruptedException {
        if (reason.getCode().isEmpty()) {
            tellBegin(next);
            return AcknowledgeType.RELEASE;
        }
        parts.counters().retried.increment();
        tellBegin(next);
        Duration wait = parts.settings().backOff().multipliedBy(1L << Math.min(attempt - 1, 10));
        long until = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() - until < 0 && !givingBack) {
            Thread.sleep(Math.min(LOOK.toMillis(), wait.toMillis()));
        }
        return AcknowledgeType.RELEASE;
    }

    /** Ends a job that is not ours: nobody runs it. */
    private Optional<AcknowledgeType> end(JobLog log, JobChange change) throws InterruptedException {
        Job ended = JobTransitions.apply(last(log), change);
        return parts.store().append(id, log.nextPosition(), ended) ? Optional.of(finished(ended)) : Optional.empty();
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
        JobError error = error(ErrorCode.POISON, message);
        return end(log, new JobChange.Failed(log.attempts(), error, JobPublisher.now()));
    }

    private AcknowledgeType finished(Job end) throws InterruptedException {
        parts.probe().reached(JobStep.ENDED, id);
        parts.counters().ended(end.getState());
        return tellEnd(end);
    }

    /** Tells it again if it was told before: readers know the end of a job from its repetition. */
    private AcknowledgeType tellEnd(Job end) throws InterruptedException {
        tidy(end);
        try {
            parts.publisher().state(end, TELL);
        } catch (KafkaException e) {
            LOG.warn("job {}: its end could not be told: {}", id, e.getMessage());
            return AcknowledgeType.RELEASE;
        }
        parts.probe().reached(JobStep.TOLD, id);
        return AcknowledgeType.ACCEPT;
    }

    private void tellBegin(Job job) throws InterruptedException {
        try {
            parts.publisher().state(job, TELL_BEGIN);
        } catch (KafkaException e) {
            LOG.info("job {}: its state could not be told: {}", id, e.getMessage());
        }
    }

    private void tidy(Job end) {
        parts.store().tidy(id, end.getState() == JobState.SUCCEEDED ? end.getAttempt() : 0);
    }

    /** Until the store takes it: what was computed is not thrown away because a disk is full for a minute. */
    private boolean persist(Supplier<Boolean> work) throws InterruptedException {
        while (true) {
            try {
                return work.get();
            } catch (TernException e) {
                if (e.kind() != ErrorKind.CAPACITY) {
                    throw e;
                }
                LOG.warn("job {}: {}; trying again", id, e.getMessage());
                Thread.sleep(STORE_AWAY);
            }
        }
    }

    private Job last(JobLog log) {
        return log.last().orElse(submission.queued());
    }

    private boolean isExpired() {
        return System.nanoTime() - deadlineNanos >= 0;
    }

    private static JobError expiry() {
        return error(ErrorCode.DEADLINE_EXCEEDED, "expired before it was done");
    }

    private static JobError error(ErrorCode code, String message) {
        return JobError.newBuilder()
                .setCode(code.wireName())
                .setMessage(message)
                .build();
    }
}
