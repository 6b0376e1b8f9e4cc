package io.tern.jobs.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One share consumer with at most one record in its hand, which it keeps from others until it is settled or its lock
 * runs out. Belongs to one thread.
 */
final class ShareLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShareLease.class);
    private static final Duration COMMIT = Duration.ofSeconds(5);
    /** A renewed record comes back at once; one that does not was lost. */
    private static final Duration RETURN = Duration.ofSeconds(2);

    private final KafkaShareConsumer<byte[], byte[]> consumer;
    private @Nullable ConsumerRecord<byte[], byte[]> held;
    private boolean sound = true;

    ShareLease(KafkaShareConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
        consumer.subscribe(List.of(Topics.JOBS));
    }

    /** Waits so long for a record, if none is in hand. */
    Optional<ConsumerRecord<byte[], byte[]>> take(Duration timeout) {
        for (var record : consumer.poll(timeout)) {
            hold(record);
        }
        return Optional.ofNullable(held);
    }

    boolean isHeld() {
        return held != null;
    }

    /**
     * False once the broker did not take what it was told. Then another lease has to be made: a consumer of 4.2.2 whose
     * renewal met a broker that did not know its session (one that was killed and came back) waits for that renewal for
     * ever, fetches records that it never gives out, and takes a core for it.
     */
    boolean isSound() {
        return sound;
    }

    /**
     * Starts the lock of the record in hand anew. It goes RENEW, commit, and poll, which gives the same record back and
     * nothing else: without the commit, poll would take new records, whose locks run out in this client.
     *
     * @return false if the record was lost; then nothing is in hand
     */
    boolean renew() {
        ConsumerRecord<byte[], byte[]> record = held;
        if (record == null) {
            return false;
        }
        held = null;
        if (acknowledged(record, AcknowledgeType.RENEW)) {
            long deadline = System.nanoTime() + RETURN.toNanos();
            while (held == null && System.nanoTime() - deadline < 0) {
                for (var returned : consumer.poll(Duration.ofMillis(100))) {
                    if (returned.partition() == record.partition() && returned.offset() == record.offset()) {
                        hold(returned);
                    } else {
                        acknowledged(returned, AcknowledgeType.RELEASE); // ours is lost, and this one came instead
                    }
                }
            }
        }
        sound &= held != null;
        return held != null;
    }

    /** Lets go of the record in hand. If that fails it is delivered again, which does no harm. */
    void settle(AcknowledgeType how) {
        ConsumerRecord<byte[], byte[]> record = held;
        held = null;
        if (record != null) {
            acknowledged(record, how);
        }
    }

    /** Gives the record in hand back. */
    @Override
    public void close() {
        consumer.close(Duration.ofSeconds(2));
    }

    private void hold(ConsumerRecord<byte[], byte[]> record) {
        if (held == null) {
            held = record;
        } else {
            acknowledged(record, AcknowledgeType.RELEASE); // not with max.poll.records=1; but a record more must go
        }
    }

    private boolean acknowledged(ConsumerRecord<byte[], byte[]> record, AcknowledgeType how) {
        try {
            consumer.acknowledge(record, how);
            for (var result : consumer.commitSync(COMMIT).values()) {
                if (result.isPresent()) {
                    throw result.get();
                }
            }
            return true;
        } catch (KafkaException | IllegalStateException e) {
            sound = false;
            LOG.info("{} of a job's record failed, it will be delivered again: {}", how, e.toString());
            return false;
        }
    }
}
