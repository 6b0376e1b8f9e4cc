package io.tern.jobs.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobId;
import io.tern.jobs.JobLog;
import io.tern.jobs.JobOwner;
import io.tern.jobs.JobTransitions;
import io.tern.jobs.JobType;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.kafka.Delivery.Submission;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.ListJobsRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All jobs, as the topics tell them from the beginning; each gateway has its own view. It goes on answering while Kafka
 * is down. Where the topics do not know yet that a job ended, its log in the store does.
 */
public final class KafkaJobView implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaJobView.class);
    private static final Duration LOAD = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofMillis(500);
    /** The end of a job comes by two topics; who watches waits so long for the one with the events. */
    private static final Duration OVERDUE = Duration.ofSeconds(2);

    private static final Duration BOUND = Duration.ofSeconds(5);

    private final KafkaClients clients;
    private final ArtifactStore store;
    private final JobTable table = new JobTable();
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final Queue<String> untoldErasures = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    public KafkaJobView(String bootstrapServers, ArtifactStore store) {
        this.clients = new KafkaClients(bootstrapServers);
        this.store = store;
        this.thread = Thread.ofPlatform().daemon().name("tern-jobs-view").start(this::run);
    }

    /** @throws TernException NOT_FOUND, or UNAVAILABLE while the topics were never read */
    public Job get(String id) {
        Optional<Job> known = find(id);
        if (known.isEmpty()) {
            awaitLoaded();
            known = find(id);
        }
        return known.orElseThrow(() -> unknown(id));
    }

    /**
     * Newest first.
     *
     * @throws TernException INVALID_ARGUMENT, or UNAVAILABLE while the topics were never read
     */
    public JobPage list(ListJobsRequest request, JobOwner owner) {
        int limit = request.hasLimit() ? request.getLimit() : 20;
        if (limit < 1 || limit > 100) {
            throw TernException.invalid("limit", limit, "1..100");
        }
        if (request.getState() == JobState.UNRECOGNIZED) {
            throw TernException.invalid("state", request.getStateValue(), "a job state");
        }
        if (!request.getType().isEmpty() && JobType.of(request.getType()).isEmpty()) {
            throw TernException.invalid("type", request.getType(), "detection, generation or decoding");
        }
        awaitLoaded();
        return table.page(
                job -> owner.owns(job.getId())
                        && (request.getState() == JobState.JOB_STATE_UNSPECIFIED
                                || job.getState() == request.getState())
                        && (request.getType().isEmpty() || job.getType().equals(request.getType())),
                limit,
                request.getAfter());
    }

    /**
     * Tells the listener all events after that sequence that are still at hand, and those to come. After 0 the first is
     * the state in which the job began. A state of a later attempt takes back the progress and tokens before it.
     *
     * @return closing it ends the watch
     * @throws TernException NOT_FOUND
     */
    public JobWatch watch(String id, long afterSequence, JobListener listener) {
        Job job = get(id);
        EventLog events = table.events(id).orElseThrow(() -> unknown(id));
        return new JobWatch(job, afterSequence, events, () -> find(id), listener);
    }

    /** How many jobs are in each state. */
    public Map<JobState, Integer> counts() {
        return table.counts();
    }

    /** Whether the topics were read to where they ended at the start. */
    boolean isLoaded() {
        return loaded.getCount() == 0;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    JobTable table() {
        return table;
    }

    /** Takes a job that was erased in the store out of the view, and has it told. */
    void erased(String id) {
        table.erase(id);
        untoldErasures.add(id);
    }

    /** The next job that was erased in the store while other views may still have it. */
    Optional<String> nextUntoldErasure() {
        return Optional.ofNullable(untoldErasures.poll());
    }

    /** What is known of a job, and the store knows best. */
    Optional<Job> find(String id) {
        Optional<Job> known = table.get(JobId.require(id));
        if (known.isPresent() && JobTransitions.isTerminal(known.get())) {
            return known;
        }
        JobLog log = store.log(id);
        if (log.erased()) {
            return Optional.empty();
        }
        log.last().ifPresent(table::merge);
        return table.get(id);
    }

    private void run() {
        while (!closed) {
            try (KafkaConsumer<byte[], byte[]> consumer = clients.reader(POLL)) {
                readAll(consumer);
            } catch (RuntimeException e) {
                // Broadly, for this is an edge: the view goes on whatever happens to its consumer.
                LOG.info("the topics of jobs cannot be read now: {}", e.toString());
                Pause.of(AGAIN);
            }
        }
    }

    private void readAll(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = KafkaClients.partitions(consumer, Topics.JOBS, Topics.STATE, Topics.EVENTS);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long boundAt = System.nanoTime();
        while (!closed) {
            consumer.poll(POLL).forEach(this::read);
            if (loaded.getCount() > 0 && ends.entrySet().stream().allMatch(end -> hasRead(consumer, end))) {
                loaded.countDown();
            }
            // What was there before comes as fast as it can be read, and may be far more than there is room for.
            if (!isLoaded() || System.nanoTime() - boundAt > BOUND.toNanos()) {
                table.bound();
                boundAt = System.nanoTime();
            }
            table.closeOverdue(OVERDUE);
        }
    }

    private static boolean hasRead(KafkaConsumer<byte[], byte[]> consumer, Map.Entry<TopicPartition, Long> end) {
        return consumer.position(end.getKey()) >= end.getValue();
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            switch (record.topic()) {
                case Topics.JOBS -> readSubmission(record);
                case Topics.STATE -> readState(record);
                default -> readEvent(record);
            }
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            // Broadly, for this is an edge: no record may stop the view.
            LOG.warn("a record of {} cannot be read: {}", record.topic(), e.toString());
        }
    }

    private void readSubmission(ConsumerRecord<byte[], byte[]> record) {
        if (Delivery.read(record) instanceof Submission submission
                && isThere(submission.queued().getId())) {
            table.submitted(submission.queued(), new JobTable.Place(record.partition(), record.offset()));
        }
    }

    private void readState(ConsumerRecord<byte[], byte[]> record) throws InvalidProtocolBufferException {
        String id = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            table.erase(id);
            return;
        }
        Job job = Job.parseFrom(record.value());
        if (!job.getId().equals(id)) {
            throw new IllegalArgumentException("key: another one (expected: the id)");
        }
        if (isThere(id)) {
            table.stated(job);
        } else {
            erased(id);
        }
    }

    private void readEvent(ConsumerRecord<byte[], byte[]> record) throws InvalidProtocolBufferException {
        JobEvent event = JobEvent.parseFrom(record.value());
        // Only a state can make a job known again; of an unknown one the table drops all else itself.
        if (!event.hasState() || isThere(event.getJobId())) {
            table.happened(record.offset() + 1, event);
        }
    }

    /** Whether the job is known, or new and not one that was erased: its old records may still lie on the topics. */
    private boolean isThere(String id) {
        try {
            return table.contains(id) || !store.log(id).erased();
        } catch (TernException e) {
            LOG.warn("job {}: {}; taken for one that was not erased", id, e.getMessage());
            return true;
        }
    }

    void awaitLoaded() {
        try {
            if (!loaded.await(LOAD.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TernException(ErrorCode.UNAVAILABLE, "the jobs are not read yet; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TernException(ErrorCode.CANCELLED, "interrupted");
        }
    }

    private static TernException unknown(String id) {
        return new TernException(ErrorCode.NOT_FOUND, "id: " + id + " (expected: a job)", "id", null);
    }
}
