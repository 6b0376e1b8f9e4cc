package io.tern.jobs.kafka;

import io.tern.base.ErrorCode;
import io.tern.base.ErrorKind;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobLog;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobSeeds;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.UnknownFields;
import io.tern.jobs.kafka.Delivery.Submission;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobResult;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An attempt that was claimed: the handler's work, and its commit right after the claim in the log, or nowhere. */
final class JobAttempt implements Callable<Optional<AcknowledgeType>> {
    private static final Logger LOG = LoggerFactory.getLogger(JobAttempt.class);
    private static final Duration CAPACITY_FIRST = Duration.ofMillis(100);
    private static final Duration CAPACITY_LONGEST = Duration.ofSeconds(5);

    private final WorkerParts parts;
    private final RunControl control;
    private final Submission submission;
    private final Job job;
    private final String id;
    private final int position;
    private final int spent;
    private final EventProgress events;
    private volatile boolean isHandled;
    private Duration rest = Duration.ZERO;
    private volatile @Nullable Pulse pulse;

    /**
     * @param job as it runs, as the log has it
     * @param position of that in the log
     * @param spent attempts that count against the job, with this one
     */
    JobAttempt(WorkerParts parts, RunControl control, Submission submission, Job job, int position, int spent) {
        this.parts = parts;
        this.control = control;
        this.submission = submission;
        this.job = job;
        this.id = job.getId();
        this.position = position;
        this.spent = spent;
        this.events = new EventProgress(parts.publisher(), id, job.getAttempt());
    }

    /** @return what is to become of the record; empty: the log says */
    @Override
    public Optional<AcknowledgeType> call() throws InterruptedException {
        parts.running().put(id, this);
        try (Pulse beating = new Pulse(
                parts.store(), job, parts.identity().toText(), parts.settings().lock(), this::look)) {
            pulse = beating;
            parts.counters().begun.increment();
            parts.probe().reached(JobStep.CLAIMED, id);
            parts.teller().passing(job);
            parts.probe().reached(JobStep.BEGUN, id);
            Outcome outcome = handle();
            isHandled = true;
            events.end();
            parts.probe().reached(JobStep.HANDLED, id);
            return commit(outcome);
        } finally {
            events.end();
            parts.running().remove(id, this);
        }
    }

    /** How long the job is to rest before its next attempt; for the thread that called. */
    Duration rest() {
        return rest;
    }

    /** Ends the handler if its work is no longer wanted: the job ended, expired, or a later attempt was claimed. */
    void look() {
        if (isHandled) {
            return; // its own end is in the log, or will be
        }
        JobLog log = parts.store().log(id);
        if (control.isExpired() || log.isOver() || log.nextPosition() != position + 1) {
            control.stop();
        }
    }

    void beat() {
        events.beat(job);
    }

    void abandon() {
        events.end();
        Pulse beating = pulse;
        if (beating != null) {
            beating.close();
        }
    }

    /** What an attempt came to: bytes, or something else. */
    private sealed interface Outcome {
        record Made(JobOutput output) implements Outcome {}

        record Otherwise(JobChange change) implements Outcome {}
    }

    private Outcome handle() throws InterruptedException {
        Duration wait = CAPACITY_FIRST;
        String told = "";
        while (true) {
            try {
                return new Outcome.Made(
                        submission.request().isPresent()
                                ? handle(submission.request().get())
                                : handle(parts.store().input(id)));
            } catch (TernException e) {
                if (e.kind() == ErrorKind.INTERNAL) {
                    LOG.error("job {}: its handler failed", id, e);
                }
                if (control.cancellation().isCancelled() || e.kind() != ErrorKind.CAPACITY) {
                    return new Outcome.Otherwise(failure(e));
                }
                String reason = String.valueOf(e.getMessage());
                if (wait.equals(CAPACITY_LONGEST) && !reason.equals(told)) {
                    LOG.warn("job {}: {}; trying again until it expires", id, reason);
                    told = reason;
                }
                control.pause(wait);
                wait = wait.multipliedBy(2).compareTo(CAPACITY_LONGEST) < 0 ? wait.multipliedBy(2) : CAPACITY_LONGEST;
            } catch (Throwable e) {
                // Broadly, for this is an edge; its message may hold anything, so it stays in our log.
                LOG.error("job {}: its handler failed", id, e);
                return new Outcome.Otherwise(
                        failure(new TernException(ErrorCode.INTERNAL_ERROR, "the work failed inside Tern")));
            }
        }
    }

    private JobOutput handle(JobRequest request) {
        UnknownFields.refuse(request);
        JobRequest settled = JobSeeds.settle(request, id);
        return parts.handler().handle(settled, submission.lane().priority(), events, control.cancellation());
    }

    private JobChange failure(TernException e) {
        if (control.isGivingBack()) {
            return new JobChange.Returned(job.getAttempt(), JobError.getDefaultInstance());
        }
        if (control.isExpired()) {
            return new JobChange.Expired(JobTeller.expiry(), JobPublisher.now());
        }
        JobError error = JobTeller.error(e.code(), String.valueOf(e.getMessage()));
        boolean hopeless = e.kind() == ErrorKind.CALLER && e.code() != ErrorCode.CANCELLED;
        return hopeless || spent >= parts.settings().attempts()
                ? new JobChange.Failed(job.getAttempt(), error, JobPublisher.now())
                : new JobChange.Returned(job.getAttempt(), error);
    }

    private Optional<AcknowledgeType> commit(Outcome outcome) throws InterruptedException {
        JobChange change = switch (outcome) {
            case Outcome.Otherwise(JobChange other) -> other;
            case Outcome.Made(JobOutput output) -> stored(output);
        };
        Job next = JobTransitions.apply(job, change);
        if (!persist(() -> added(next))) {
            return tooLate(outcome);
        }
        if (change instanceof JobChange.Returned(int _, JobError reason)) {
            parts.teller().passing(next);
            if (!reason.getCode().isEmpty()) {
                parts.counters().retried.increment();
                rest = parts.settings().backOff().multipliedBy(1L << Math.min(spent - 1, 10));
            }
            return Optional.of(AcknowledgeType.RELEASE);
        }
        parts.probe().reached(JobStep.ENDED, id);
        parts.counters().ended(next.getState());
        return Optional.of(parts.teller().end(next));
    }

    /** Writes the result where nobody sees it yet. */
    private JobChange stored(JobOutput output) throws InterruptedException {
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
    private boolean added(Job entry) {
        if (parts.store().append(id, position + 1, entry)) {
            return true;
        }
        JobLog log = parts.store().log(id);
        return log.entries().size() > position && log.entries().get(position).equals(entry);
    }

    private Optional<AcknowledgeType> tooLate(Outcome outcome) {
        JobLog log = parts.store().log(id);
        if (outcome instanceof Outcome.Made || log.attempts() > job.getAttempt()) {
            parts.counters().stale.increment();
            LOG.info("job {}: attempt {} came too late and changes nothing", id, job.getAttempt());
        }
        if (log.erased()) {
            parts.store().tidy(id, 0);
        }
        log.end().ifPresent(parts.teller()::tidy);
        // A later attempt has its own record; this one is done.
        return log.isOver() ? Optional.empty() : Optional.of(AcknowledgeType.ACCEPT);
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
                Thread.sleep(JobRun.STORE_AWAY);
            }
        }
    }
}
