package io.tern.jobs.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes the results of a pass in their order, each once: what is on its way stays so, however long the broker is away,
 * since what is given up and sent again may be there twice. Used by one thread.
 */
final class PassResults implements AutoCloseable {
    /** Results that may be on their way, so that a slow broker holds the pass up. */
    private static final int MOST_UNCONFIRMED = 100;
    /** Between two looks at whether the pass is still wanted. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Duration ENDLESS = Duration.ofMillis(Integer.MAX_VALUE);

    private final KafkaProducer<byte[], byte[]> producer;
    private final PassWatch watch;
    private final List<Future<RecordMetadata>> unconfirmed = new ArrayList<>();

    private PassResults(KafkaProducer<byte[], byte[]> producer, PassWatch watch) {
        this.producer = producer;
        this.watch = watch;
    }

    static PassResults open(KafkaClients clients, PassWatch watch) {
        return new PassResults(clients.producer(LOOK, ENDLESS), watch);
    }

    void send(ProducerRecord<byte[], byte[]> result) {
        Future<RecordMetadata> sent = producer.send(result);
        while (isNotOnItsWay(sent)) {
            watch.stood();
            sent = producer.send(result);
        }
        unconfirmed.add(sent);
        if (unconfirmed.size() >= MOST_UNCONFIRMED) {
            confirm();
        }
    }

    /** The producer found no broker, or no memory, to put it: with an endless delivery nothing else ends by a time. */
    private static boolean isNotOnItsWay(Future<RecordMetadata> sent) {
        return sent.state() == Future.State.FAILED
                && sent.exceptionNow() instanceof org.apache.kafka.common.errors.TimeoutException;
    }

    /** Waits until all are written. */
    void confirm() {
        unconfirmed.forEach(this::confirm);
        unconfirmed.clear();
    }

    private void confirm(Future<RecordMetadata> result) {
        while (true) {
            try {
                result.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                watch.moved();
                return;
            } catch (TimeoutException e) {
                watch.stood();
            } catch (ExecutionException e) {
                throw new KafkaException(e.getCause());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    /** What is not confirmed by now nobody waits for. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
