package io.tern.jobs.kafka;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads all that is added to a topic from now on, without a group, on its own thread. */
final class TopicTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);

    private static final Duration POLL = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final KafkaClients clients;
    private final String topic;
    private final Consumer<ConsumerRecord<byte[], byte[]>> reader;
    private volatile boolean closed;

    TopicTail(KafkaClients clients, String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        this.clients = clients;
        this.topic = topic;
        this.reader = reader;
        Thread.ofPlatform().daemon().name("tern-tail-" + topic).start(this::run);
    }

    /** Ends within the time of one poll; an interrupt would make the consumer log an error of its own. */
    @Override
    public void close() {
        closed = true;
    }

    private void run() {
        while (!closed) {
            try (KafkaConsumer<byte[], byte[]> consumer = clients.reader(POLL)) {
                List<TopicPartition> partitions = KafkaClients.partitions(consumer, topic);
                consumer.assign(partitions);
                consumer.seekToEnd(partitions);
                while (!closed) {
                    consumer.poll(POLL).forEach(reader);
                }
            } catch (RuntimeException e) {
                // Broadly, for this is an edge: the thread goes on whatever happens to its consumer.
                if (!closed) {
                    LOG.info("{} cannot be read now: {}", topic, e.toString());
                    Pause.of(AGAIN);
                }
            }
        }
    }
}
