package io.tern.jobs.kafka;

import com.google.protobuf.util.Timestamps;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobOwner;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.WebhookSender;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobResult;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.SubmitRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a gateway does with jobs. It starts without Kafka, waits for it in the background, and comes back by itself
 * when Kafka was away: meanwhile submissions are refused within 2 s, and what is known can be read. Every method can
 * throw a {@link TernException} UNAVAILABLE.
 */
public final class KafkaJobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaJobs.class);
    private static final Duration CALL = Duration.ofMillis(500);
    private static final Duration REAP = Duration.ofMillis(500);
    private static final Duration KEEP = Duration.ofSeconds(15);
    /** It looks at every folder of the store. */
    private static final Duration SWEEP = Duration.ofHours(1);

    private static final Duration TELL = Duration.ofSeconds(2);
    /** The trace of an erased job outlives every record of it on the jobs topic. */
    private static final Duration TRACE = Duration.ofDays(9);

    private final ArtifactStore store;
    private final KafkaJobView view;
    private final JobPublisher publisher;
    private final JobEnder ender;
    private final KafkaJobSubmitter submitter;
    private final Reaper reaper;
    private final QueueKeeper keeper;
    private final Duration retention;
    private final Webhooks webhooks;
    private final Thread calling;
    private final Thread reaping;
    private final Thread keeping;
    private Instant sweepAt = Instant.EPOCH; // the keeper's own

    /** @param bootstrapServers {@code host:port}, comma-separated */
    public KafkaJobs(String bootstrapServers, ArtifactStore store, JobsSettings settings, WebhookSender webhookSender) {
        KafkaClients clients = new KafkaClients(bootstrapServers);
        this.store = store;
        this.retention = settings.retention();
        this.view = new KafkaJobView(bootstrapServers, store);
        this.publisher = new JobPublisher(clients);
        this.ender = new JobEnder(store, view.table(), publisher);
        this.submitter = new KafkaJobSubmitter(bootstrapServers, store, view, ender, settings.maxQueued());
        this.reaper = new Reaper(store, view.table(), ender, settings.silence());
        this.keeper = new QueueKeeper(clients, store, view.table(), ender, publisher);
        this.webhooks = new Webhooks(
                store,
                view.table(),
                webhookSender,
                settings.webhookWaits(),
                InstantSource.system(),
                call -> Thread.ofVirtual().name("tern-webhook").start(call));
        this.calling = every(CALL, "tern-jobs-webhooks", webhooks::call);
        this.reaping = every(REAP, "tern-jobs-reaper", this::reap);
        this.keeping = every(KEEP, "tern-jobs-keeper", this::keep);
    }

    /** @see KafkaJobSubmitter#submit(SubmitRequest, JobOwner) */
    public Job submit(SubmitRequest request, JobOwner owner) {
        return submitter.submit(request, owner);
    }

    /** @throws TernException NOT_FOUND */
    public Job get(String id) {
        return view.get(id);
    }

    /**
     * Those of an owner, newest first.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    public JobPage list(ListJobsRequest request, JobOwner owner) {
        return view.list(request, owner);
    }

    /** @see KafkaJobView#watch */
    public JobWatch watch(String id, long afterSequence, JobListener listener) {
        return view.watch(id, afterSequence, listener);
    }

    /** Whether jobs can be submitted and listed: Kafka was there. */
    boolean isReady() {
        return submitter.isReady() && view.isLoaded();
    }

    /** How many jobs are in each state; those QUEUED are the backlog. */
    public Map<JobState, Integer> counts() {
        return view.counts();
    }

    /**
     * Ends a job that has not ended; it counts at once, its worker stops within a second.
     *
     * @return the job as it ended: CANCELLED, or as it had ended before
     * @throws TernException NOT_FOUND
     */
    public Job cancel(String id) {
        Job job = view.get(id);
        if (JobTransitions.isTerminal(job)) {
            return job;
        }
        JobError error = JobTeller.error(ErrorCode.CANCELLED, "cancelled by the caller");
        try {
            return ender.end(job, new JobChange.Cancelled(error, JobPublisher.now()))
                    .orElseThrow(() -> new TernException(ErrorCode.NOT_FOUND, "id: " + id + " (expected: a job)"));
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /**
     * Erases a job: its input, events and result; one that has not ended is cancelled first.
     *
     * @throws TernException NOT_FOUND
     */
    public void delete(String id) {
        erase(id);
        try {
            tellErasures();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void erase(String id) {
        Job end = cancel(id);
        ender.decide(end, JobChange.leadingTo(end)); // in the log, too, where only the topics know of the end
        store.erase(id);
        view.erased(id);
    }

    /** @throws TernException NOT_FOUND if there is no such job, or it has not succeeded */
    public StoredResult result(String id) {
        Job job = view.get(id);
        if (job.getState() != JobState.SUCCEEDED) {
            throw new TernException(
                    ErrorCode.NOT_FOUND, "result: the job is " + job.getState() + " (expected: SUCCEEDED)", "id", null);
        }
        JobResult result = job.getResult();
        return new StoredResult(
                result.getContentType(), result.getSizeBytes(), result.getSha256(), store.result(id, job.getAttempt()));
    }

    @Override
    public void close() {
        calling.interrupt();
        reaping.interrupt();
        keeping.interrupt();
        submitter.close();
        publisher.close();
        view.close();
    }

    KafkaJobView view() {
        return view;
    }

    QueueKeeper keeper() {
        return keeper;
    }

    private void reap() throws InterruptedException {
        reaper.reap();
        tellErasures();
    }

    private void keep() throws InterruptedException {
        view.awaitLoaded(); // not before all jobs are known
        keeper.keep();
        Instant now = Instant.now();
        for (Job job : view.table()
                .endedBefore(Timestamps.fromMillis(now.minus(retention).toEpochMilli()))) {
            try {
                erase(job.getId()); // told by the reaper, whatever their number
            } catch (TernException e) {
                LOG.info("job {}: {}", job.getId(), e.getMessage()); // another gateway may have been faster
            }
        }
        if (now.isAfter(sweepAt)) {
            sweepAt = now.plus(SWEEP);
            store.sweep(now.minus(TRACE));
        }
    }

    /** Puts tombstones on the state topic, as many as it takes. */
    private void tellErasures() throws InterruptedException {
        for (Optional<String> id = view.nextUntoldErasure(); id.isPresent(); id = view.nextUntoldErasure()) {
            try {
                publisher.erased(id.get(), TELL);
            } catch (KafkaException e) {
                LOG.info("job {}: its erasure could not be told yet: {}", id.get(), e.getMessage());
                view.erased(id.get());
                return;
            }
        }
    }

    private static Thread every(Duration interval, String name, Round round) {
        return Thread.ofPlatform().daemon().name(name).start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Thread.sleep(interval);
                    round.run();
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    // Broadly, for this is an edge: the next round may find the cluster and the store back.
                    LOG.info("{}: {}", name, e.toString());
                }
            }
        });
    }

    private static TernException interrupted() {
        Thread.currentThread().interrupt();
        return new TernException(ErrorCode.CANCELLED, "interrupted");
    }

    @FunctionalInterface
    private interface Round {
        void run() throws InterruptedException;
    }
}
