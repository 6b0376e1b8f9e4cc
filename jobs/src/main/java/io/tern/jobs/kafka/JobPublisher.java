package io.tern.jobs.kafka;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Tells the world what has become of jobs. The producer never waits in {@code send}, so that a job goes on while Kafka
 * is down. Safe for use by many threads; what one thread tells of a job is read in that order.
 */
final class JobPublisher implements AutoCloseable {
    private static final Duration DELIVERY = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofMillis(100);

    private final KafkaProducer<byte[], byte[]> producer;

    JobPublisher(KafkaClients clients) {
        this.producer = clients.producer(Duration.ZERO, DELIVERY);
    }

    /** Lost if it cannot be sent now. */
    void event(JobEvent event) {
        var _ = producer.send(record(Topics.EVENTS, event.getJobId(), event.toByteArray()));
    }

    /** A sign of life on the state topic; lost if it cannot be sent now. */
    void beat(Job job) {
        var _ = producer.send(record(Topics.STATE, job.getId(), job.toByteArray()));
    }

    /**
     * Waits until the state of the job is on both topics.
     *
     * @throws KafkaException if it is not within this time
     */
    void state(Job job, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        // First the event: who has read the end of a job on the state topic can then wait for it to come.
        send(record(Topics.EVENTS, job.getId(), stateEvent(job).toByteArray()), deadline);
        send(record(Topics.STATE, job.getId(), job.toByteArray()), deadline);
    }

    /** As {@link #state}: the job was erased. */
    void erased(String id, Duration timeout) throws InterruptedException {
        send(record(Topics.STATE, id, null), System.nanoTime() + timeout.toNanos());
    }

    /** Sends any record and waits for its acknowledgement, as {@link #state}. */
    void send(ProducerRecord<byte[], byte[]> record, Duration timeout) throws InterruptedException {
        send(record, System.nanoTime() + timeout.toNanos());
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }

    private void send(ProducerRecord<byte[], byte[]> record, long deadline) throws InterruptedException {
        while (true) {
            Future<?> sent = producer.send(record);
            try {
                sent.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                return;
            } catch (ExecutionException | TimeoutException e) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new KafkaException(record.topic() + ": not acknowledged in time", e);
                }
                Thread.sleep(RETRY);
            }
        }
    }

    private static JobEvent stateEvent(Job job) {
        return JobEvent.newBuilder()
                .setJobId(job.getId())
                .setAttempt(job.getAttempt())
                .setAt(now())
                .setState(job)
                .build();
    }

    static Timestamp now() {
        return Timestamps.fromMillis(System.currentTimeMillis());
    }

    static ProducerRecord<byte[], byte[]> record(String topic, String key, byte @Nullable [] value) {
        return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
    }
}
