package io.tern.jobs.kafka;

import io.tern.base.Priority;
import io.tern.jobs.kafka.Delivery.Submission;
import io.tern.jobs.kafka.Delivery.Unreadable;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a job of its lane, has it run on a virtual thread, and keeps its record locked meanwhile; one after the other, on its own
 * thread, with its own consumer.
 */
final class JobSlot implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(JobSlot.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration TELL = Duration.ofSeconds(20);
    private static final Duration BROKEN = Duration.ofSeconds(1);

    /**
     * A broker archives a record silently after some deliveries, five unless told otherwise. At the fourth we put the
     * same submission at the end of the queue ourselves: how often a job is begun is counted in its log.
     */
    private static final int DELIVERIES = 4;

    private final KafkaClients clients;
    private final WorkerParts parts;
    private final JobLane lane;
    private volatile boolean closing;
    private volatile @Nullable JobRun current;

    JobSlot(KafkaClients clients, WorkerParts parts, JobLane lane) {
        this.clients = clients;
        this.parts = parts;
        this.lane = lane;
    }

    @Override
    public void run() {
        while (!closing) {
            try (ShareLease lease = new ShareLease(clients.taker(lane.group()))) {
                while (!closing && lease.isSound()) {
                    serveNext(lease);
                }
            } catch (RuntimeException e) {
                // Broadly, for this is an edge: a slot must not be lost to whatever happens to its consumer.
                if (closing) {
                    return;
                }
                LOG.warn("a job slot lost its consumer and makes another: {}", e.toString());
                Pause.of(BROKEN);
            } catch (InterruptedException e) {
                return; // only when the worker is abandoned; the broker gives its record to another
            }
        }
    }

    /** Takes no further job. */
    void stopTaking() {
        closing = true;
    }

    /** The log of a job has changed, which may be the one that is here. */
    void look(String id) {
        JobRun run = current;
        if (run != null && run.id().equals(id)) {
            run.look();
        }
    }

    /** Gives back the job that runs. */
    void giveBack() {
        JobRun run = current;
        if (run != null) {
            run.giveBack();
        }
    }

    private void serveNext(ShareLease lease) throws InterruptedException {
        var taken = lease.take(POLL);
        if (taken.isPresent()) {
            parts.counters().deliveries.increment();
            lease.settle(serve(lease, taken.get()));
        }
    }

    private AcknowledgeType serve(ShareLease lease, ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        return switch (Delivery.read(record)) {
            // What cannot be read says no priority: it is the other lane's.
            case Unreadable _ when lane.priority() != Priority.BATCH -> AcknowledgeType.ACCEPT;
            case Unreadable(String reason) -> bury(record, reason);
            case Submission submission when !submission.lane().equals(lane) -> AcknowledgeType.ACCEPT;
            case Submission submission -> serve(lease, record, submission);
        };
    }

    private AcknowledgeType serve(ShareLease lease, ConsumerRecord<byte[], byte[]> record, Submission submission)
            throws InterruptedException {
        parts.counters().ofItsType.increment();
        return record.deliveryCount().orElse((short) 1) >= DELIVERIES
                ? sendAgain(record)
                : run(lease, new JobRun(parts, submission, record), record);
    }

    private AcknowledgeType run(ShareLease lease, JobRun run, ConsumerRecord<byte[], byte[]> record)
            throws InterruptedException {
        FutureTask<AcknowledgeType> task = new FutureTask<>(run);
        current = run;
        Thread thread = Thread.ofVirtual().name("tern-job").start(task);
        try {
            if (closing) {
                run.giveBack(); // the worker may have asked before there was somebody to ask
            }
            AcknowledgeType how = awaitAndRenew(lease, run, record, task);
            lease.settle(how);
            parts.probe().reached(JobStep.SETTLED, run.id());
            return how;
        } finally {
            run.abandon();
            run.giveBack(); // one that waits for room hears this, and no interrupt
            thread.interrupt();
            current = null;
        }
    }

    private AcknowledgeType awaitAndRenew(
            ShareLease lease, JobRun run, ConsumerRecord<byte[], byte[]> record, FutureTask<AcknowledgeType> task)
            throws InterruptedException {
        while (true) {
            try {
                return task.get(parts.settings().renewal().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                renew(lease, run);
            } catch (ExecutionException e) {
                LOG.error("job {}: its run failed", run.id(), e.getCause());
                return bury(record, "its run failed");
            }
        }
    }

    private void renew(ShareLease lease, JobRun run) {
        run.beat();
        if (!lease.isHeld()) {
            return; // lost before; the run goes on, and the log decides whose attempt counts
        }
        if (lease.renew()) {
            parts.counters().renewals.increment();
        } else {
            parts.counters().lostLocks.increment();
        }
    }

    private AcknowledgeType bury(ConsumerRecord<byte[], byte[]> record, String reason) throws InterruptedException {
        try {
            parts.publisher().send(DeadLetters.letter(record, reason), TELL);
            parts.counters().deadLetters.increment();
            LOG.warn("a record of {} became a dead letter: {}", record.topic(), reason);
            return AcknowledgeType.REJECT;
        } catch (KafkaException e) {
            return AcknowledgeType.RELEASE;
        }
    }

    private AcknowledgeType sendAgain(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        try {
            var again = new ProducerRecord<>(record.topic(), null, record.key(), record.value(), record.headers());
            parts.publisher().send(again, TELL);
            return AcknowledgeType.ACCEPT;
        } catch (KafkaException e) {
            return AcknowledgeType.RELEASE;
        }
    }
}
