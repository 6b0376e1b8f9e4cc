package io.tern.launcher.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BrokerProcessTest {
    private static final String TOPIC = "kept";

    @TempDir
    Path folder;

    private static Map<String, Object> client(Broker broker) {
        return Map.of("bootstrap.servers", "127.0.0.1:" + broker.port());
    }

    private static void produce(Broker broker, String... values) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client(broker), new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value)).get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static List<String> consume(Broker broker, int count) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client(broker), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    @Test
    void keepsWhatItAcknowledgedThroughAKillAndThroughACleanEnd() throws Exception {
        Broker broker = Broker.in(folder.resolve("kafka"));

        Process first = broker.start();
        try (Admin admin = Admin.create(client(broker))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        produce(broker, "one", "two");
        first.destroyForcibly().waitFor();

        Process second = broker.start();
        produce(broker, "three");
        second.destroy();
        assertThat(second.waitFor(1, TimeUnit.MINUTES)).as("ends when asked to").isTrue();

        Process third = broker.start();
        assertThat(consume(broker, 3)).containsExactly("one", "two", "three");

        // What its launcher's death looks like from inside.
        third.getOutputStream().close();
        assertThat(third.waitFor(1, TimeUnit.MINUTES))
                .as("ends with its launcher")
                .isTrue();
        assertThat(third.exitValue()).isZero();
    }
}
