package io.tern.jobs.kafka;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener's way through the events of a job, on a virtual thread. */
public final class JobWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final Job job;
    private final EventLog events;
    private final Supplier<Optional<Job>> latest;
    private final JobListener listener;
    private final Thread thread;
    private long sequence;
    private boolean toldEnd;

    JobWatch(Job job, long after, EventLog events, Supplier<Optional<Job>> latest, JobListener listener) {
        this.job = job;
        this.sequence = after;
        this.events = events;
        this.latest = latest;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("tern-job-watch").start(this::run);
    }

    /** Nothing more is told, but for what is being told now. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            if (sequence == 0) {
                tell(new SequencedEvent(0, state(asItBegan())));
            }
            boolean closed;
            do {
                // Asked before the events are: what is added in between is found in the next round.
                closed = events.isClosed();
                for (SequencedEvent event : events.after(sequence, closed ? Duration.ZERO : WAIT)) {
                    tell(event);
                }
            } while (!closed && !toldEnd);
            if (!toldEnd) {
                latest().filter(JobTransitions::isTerminal)
                        .ifPresent(end -> tell(new SequencedEvent(sequence, state(end))));
            }
            listener.ended();
        } catch (InterruptedException e) {
            // closed
        } catch (RuntimeException e) {
            // Broadly, for this is an edge: a listener whose client is gone may throw anything, and hears of it in
            // vain.
            LOG.debug("a watch ended", e);
            listener.failed(
                    e instanceof TernException known
                            ? known
                            : new TernException(ErrorCode.INTERNAL_ERROR, "the job cannot be watched", null, e));
        }
    }

    /** Asks until the store answers: the listener would wait for the end in vain. */
    private Optional<Job> latest() throws InterruptedException {
        while (true) {
            try {
                return latest.get();
            } catch (TernException e) {
                if (e.code() != ErrorCode.UNAVAILABLE) {
                    throw e;
                }
                LOG.debug("a watch waits for the store: {}", e.getMessage());
                Thread.sleep(WAIT);
            }
        }
    }

    private void tell(SequencedEvent event) {
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("closed");
        }
        sequence = event.sequence();
        toldEnd = event.event().hasState()
                && JobTransitions.isTerminal(event.event().getState());
        listener.event(event);
    }

    private Job asItBegan() {
        return job.toBuilder()
                .setState(JobState.QUEUED)
                .setAttempt(0)
                .setProgress(0)
                .clearStartedAt()
                .clearFinishedAt()
                .clearError()
                .clearResult()
                .build();
    }

    private static JobEvent state(Job job) {
        return JobEvent.newBuilder()
                .setJobId(job.getId())
                .setAttempt(job.getAttempt())
                .setAt(job.hasFinishedAt() ? job.getFinishedAt() : job.getCreatedAt())
                .setState(job)
                .build();
    }
}
