package io.tern.jobs.kafka;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.tern.base.ErrorCode;
import io.tern.base.Sha256;
import io.tern.base.TernException;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobId;
import io.tern.jobs.JobOwner;
import io.tern.jobs.JobPriorities;
import io.tern.jobs.JobType;
import io.tern.jobs.MessageHash;
import io.tern.jobs.UnknownFields;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.artifact.KeyRecord;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.JobSubmission;
import io.tern.jobs.v1.SubmitRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts jobs on the jobs topic. A job is accepted once Kafka has acknowledged it; one that was refused is never run,
 * unless it has an idempotency key, under which it can be asked for again.
 */
public final class KafkaJobSubmitter implements AutoCloseable {
    /** The same key gives the same job for so long. */
    public static final Duration KEY_VALID = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaJobSubmitter.class);
    private static final int MAX_INLINE_BYTES = 256 << 10;
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_KEY_LENGTH = 255;
    private static final int MAX_TIMEOUT_SECONDS = (int) Delivery.LONGEST.toSeconds();
    /** The first wait is over once the topics were there, and the other two together take less than 2 s. */
    private static final Duration TOPICS = Duration.ofMillis(700);

    private static final Duration METADATA = Duration.ofMillis(700);
    private static final Duration ACKNOWLEDGEMENT = Duration.ofSeconds(1);
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final KafkaClients clients;
    private final ArtifactStore store;
    private final KafkaJobView view;
    private final JobEnder ender;
    private final int maxQueued;
    private final KafkaProducer<byte[], byte[]> producer;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Map<String, FutureTask<Job>> inFlight = new ConcurrentHashMap<>();
    private final Thread preparation;

    /** @param maxQueued submissions are refused while so many jobs wait */
    KafkaJobSubmitter(String bootstrapServers, ArtifactStore store, KafkaJobView view, JobEnder ender, int maxQueued) {
        this.clients = new KafkaClients(bootstrapServers);
        this.store = store;
        this.view = view;
        this.ender = ender;
        this.maxQueued = maxQueued;
        this.producer = clients.producer(METADATA, ACKNOWLEDGEMENT);
        this.preparation = Thread.ofPlatform().daemon().name("tern-jobs-topics").start(this::prepare);
    }

    /**
     * @throws TernException INVALID_ARGUMENT, PAYLOAD_TOO_LARGE, IDEMPOTENCY_CONFLICT (the key was used with another
     *     request), OVERLOADED (too many jobs wait), UNAVAILABLE (Kafka or the store cannot be reached; within 2 s)
     */
    public Job submit(SubmitRequest request, JobOwner owner) {
        JobLane lane = check(request);
        KeyRecord fresh = new KeyRecord(
                JobId.next(System.currentTimeMillis()) + owner.mark(),
                MessageHash.of(request.toBuilder().clearIdempotencyKey().build()),
                Instant.now());
        if (request.getIdempotencyKey().isEmpty()) {
            return accept(request, lane, fresh, true);
        }
        KeyRecord holder = store.reserve(Sha256.of(owner.scoped(request.getIdempotencyKey())), fresh, KEY_VALID);
        if (!holder.requestHash().equals(fresh.requestHash())) {
            throw conflict("was used with another request (expected: a new key, or the same request)");
        }
        return once(holder, request, lane);
    }

    /** Whether the topics are there. */
    boolean isReady() {
        return ready.getCount() == 0;
    }

    @Override
    public void close() {
        preparation.interrupt();
        producer.close(Duration.ofSeconds(2));
    }

    /** All who ask under one key at the same time share one submission, and who comes later finds it. */
    private Job once(KeyRecord holder, SubmitRequest request, JobLane lane) {
        FutureTask<Job> mine = new FutureTask<>(() -> {
            Optional<Job> known = view.find(holder.jobId());
            if (known.isPresent()) {
                return known.get();
            }
            if (store.log(holder.jobId()).erased()) {
                throw conflict("belongs to a job that was erased (expected: a new key)");
            }
            // Where another gateway has died, or is, on its way to Kafka with this key, the job gets a second record,
            // which does no harm.
            return accept(request, lane, holder, false);
        });
        FutureTask<Job> first = inFlight.putIfAbsent(holder.jobId(), mine);
        if (first == null) {
            mine.run();
            inFlight.remove(holder.jobId());
        }
        try {
            return (first == null ? mine : first).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TernException known) {
                throw new TernException(known.code(), String.valueOf(known.getMessage()), known.field(), known);
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TernException(ErrorCode.CANCELLED, "interrupted");
        }
    }

    private Job accept(SubmitRequest request, JobLane lane, KeyRecord record, boolean abandonable) {
        if (view.table().queued() >= maxQueued) {
            throw new TernException(ErrorCode.OVERLOADED, "queue: full (expected: fewer than " + maxQueued + " jobs)");
        }
        Job queued = queued(request, lane, record);
        JobSubmission.Builder submission = JobSubmission.newBuilder()
                .setId(queued.getId())
                .setType(queued.getType())
                .setPriority(queued.getPriority())
                .setWebhook(queued.getWebhook())
                .setCreatedAt(queued.getCreatedAt())
                .setExpiresAt(queued.getExpiresAt());
        if (request.getRequest().getSerializedSize() <= MAX_INLINE_BYTES) {
            submission.setRequest(request.getRequest());
        } else {
            store.putInput(queued.getId(), request.getRequest());
        }
        try {
            produce(submission.build());
        } catch (TernException e) {
            try {
                return abandonable ? abandon(queued, e) : refuse(e);
            } finally {
                if (e.getCause() instanceof InterruptedException) {
                    Thread.currentThread().interrupt(); // only now: the store cannot be written by who is interrupted
                }
            }
        }
        view.table().merge(queued);
        return queued;
    }

    private void produce(JobSubmission submission) {
        try {
            if (!ready.await(TOPICS.toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable(null);
            }
            producer.send(JobPublisher.record(Topics.JOBS, submission.getId(), submission.toByteArray()))
                    .get(ACKNOWLEDGEMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException | InterruptedException e) {
            throw unavailable(e);
        }
    }

    /**
     * The record may still have reached Kafka, or reach it later. So the job is ended and erased: a worker that gets it
     * finds that. If a worker was faster than that, it was accepted after all.
     */
    private Job abandon(Job queued, TernException why) {
        try {
            JobError error = JobTeller.error(why.code(), "was not accepted");
            Optional<Job> end = ender.decide(queued, new JobChange.Cancelled(error, JobPublisher.now()));
            if (end.isPresent() && end.get().getState() != JobState.CANCELLED) {
                return end.get();
            }
            store.erase(queued.getId());
            view.erased(queued.getId());
        } catch (TernException e) {
            LOG.warn("job {}: it was refused, but may run: {}", queued.getId(), e.getMessage());
        }
        return refuse(why);
    }

    private static Job refuse(TernException why) {
        throw why;
    }

    private static Job queued(SubmitRequest request, JobLane lane, KeyRecord record) {
        Timestamp created = Timestamps.fromMillis(record.createdAt().toEpochMilli());
        long timeout = request.hasTimeoutSeconds() ? request.getTimeoutSeconds() : Delivery.USUAL.toSeconds();
        return Job.newBuilder()
                .setId(record.jobId())
                .setType(lane.type().wireName())
                .setPriority(JobPriorities.message(lane.priority()))
                .setWebhook(request.getWebhook())
                .setState(JobState.QUEUED)
                .setCreatedAt(created)
                .setExpiresAt(created.toBuilder().setSeconds(created.getSeconds() + timeout))
                .build();
    }

    private static JobLane check(SubmitRequest request) {
        UnknownFields.refuse(request);
        int timeout = request.hasTimeoutSeconds() ? request.getTimeoutSeconds() : 1;
        if (timeout < 1 || timeout > MAX_TIMEOUT_SECONDS) {
            throw TernException.invalid("timeout_seconds", timeout, "1.." + MAX_TIMEOUT_SECONDS);
        }
        if (request.getIdempotencyKey().length() > MAX_KEY_LENGTH) {
            throw TernException.invalid(
                    "idempotency_key", request.getIdempotencyKey().length() + " characters", "at most 255");
        }
        if (request.getWebhook().length() > Delivery.LONGEST_WEBHOOK) {
            throw TernException.invalid(
                    "webhook", request.getWebhook().length() + " characters", "at most " + Delivery.LONGEST_WEBHOOK);
        }
        int bytes = request.getRequest().getSerializedSize();
        if (bytes > MAX_BYTES) {
            throw new TernException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "request: " + bytes + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        JobType type = JobType.of(request.getRequest())
                .orElseThrow(() -> TernException.invalid("request", "none", "detection, generation or decoding"));
        return new JobLane(type, JobPriorities.of(request.getPriority()));
    }

    private static TernException conflict(String what) {
        return new TernException(ErrorCode.IDEMPOTENCY_CONFLICT, "idempotency_key: " + what, "idempotency_key", null);
    }

    private static TernException unavailable(@Nullable Exception cause) {
        return new TernException(ErrorCode.UNAVAILABLE, "jobs cannot be accepted now; try again", null, cause);
    }

    /** Creates the topics, tries until it can, and makes the producer's first record as quick as the others. */
    private void prepare() {
        while (!Thread.currentThread().isInterrupted()) {
            try (Admin admin = clients.admin()) {
                Topics.create(admin);
                producer.partitionsFor(Topics.JOBS);
                ready.countDown();
                return;
            } catch (KafkaException e) {
                LOG.info("submitting jobs waits for Kafka: {}", e.getMessage());
                Pause.of(AGAIN);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
