package io.tern.jobs.kafka;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches whether a pass goes on, and where it does not, what it waits for. Used by one thread. */
final class PassWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PassWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PassTopics topics;
    private final Cancellation cancellation;
    private long since = System.nanoTime();

    PassWatch(PassTopics topics, Cancellation cancellation) {
        this.topics = topics;
        this.cancellation = cancellation;
    }

    /** @throws TernException CANCELLED */
    void moved() {
        cancellation.throwIfCancelled();
        since = System.nanoTime();
    }

    /**
     * Nothing has come, or gone, for a while.
     *
     * @throws TernException CANCELLED; INVALID_ARGUMENT if a topic has been deleted, so that nothing ever will
     */
    void stood() {
        cancellation.throwIfCancelled();
        if (System.nanoTime() - since > PATIENCE.toNanos()) {
            LOG.warn(
                    "{} to {}: Kafka has neither given nor taken a record for {}", topics.in(), topics.out(), PATIENCE);
            requireThere();
            since = System.nanoTime();
        }
    }

    private void requireThere() {
        try {
            topics.requireThere();
        } catch (KafkaException e) {
            LOG.warn("{} to {}: {}; waiting for it", topics.in(), topics.out(), e.getMessage());
        }
    }
}
