package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TopicPassTest {
    private static final String IN = "tern.frames.in";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static KafkaClients clients;

    @BeforeAll
    static void start() throws Exception {
        broker = new EmbeddedBroker(folder);
        clients = new KafkaClients(broker.bootstrapServers());
        try (Admin admin = clients.admin();
                KafkaProducer<byte[], byte[]> producer = clients.producer(PATIENCE, PATIENCE)) {
            admin.createTopics(List.of(new NewTopic(IN, Optional.of(2), Optional.empty())))
                    .all()
                    .get();
            for (int i = 0; i < 250; i++) {
                producer.send(new ProducerRecord<>(IN, i % 2, bytes("camera " + i % 2), bytes("frame " + i)));
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void givesEachRecordItsResultInTheSamePlace() {
        List<Double> parts = new ArrayList<>();
        long done = pass(IN, "tern.frames.out", (key, value) -> bytes(key + ": " + text(value)), parts);
        assertThat(done).isEqualTo(250);
        assertThat(parts).isSorted().endsWith(1.0);
        for (int partition = 0; partition < 2; partition++) {
            List<ConsumerRecord<byte[], byte[]>> results = read("tern.frames.out", partition);
            assertThat(results).hasSize(125);
            for (int i = 0; i < 125; i++) {
                int frame = 2 * i + partition;
                assertThat(text(results.get(i).value())).isEqualTo("camera " + partition + ": frame " + frame);
                assertThat(text(results.get(i).key())).isEqualTo("camera " + partition);
                assertThat(text(results.get(i)
                                .headers()
                                .lastHeader("source-offset")
                                .value()))
                        .isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void endsWithWhatTheWorkThrows() {
        assertThatThrownBy(() -> pass(
                        IN,
                        "tern.frames.failing",
                        (_, value) -> {
                            throw TernException.invalid("image", text(value), "a picture");
                        },
                        new ArrayList<>()))
                .hasMessageContaining("image: frame");
    }

    @Test
    void endsWhenItIsCancelled() {
        Cancellation cancellation = new Cancellation();
        assertThatThrownBy(() -> new TopicPass(broker.bootstrapServers())
                        .run(
                                IN,
                                "tern.frames.cancelled",
                                (_, value) -> {
                                    cancellation.cancel();
                                    return value;
                                },
                                _ -> {},
                                cancellation))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED));
    }

    @Test
    void readsAndWritesNothingButFrames() {
        assertRefused(
                Topics.JOBS, "tern.frames.out", "frames.in: tern.jobs.v1 (expected: a topic named tern.frames.*)");
        assertRefused(IN, Topics.STATE, "frames.out: tern.job-state.v1");
        assertRefused(IN, IN, "another topic than frames.in");
        assertRefused(
                "tern.frames.none", "tern.frames.out", "frames.in: tern.frames.none (expected: a topic that is there)");
    }

    private static void assertRefused(String in, String out, String message) {
        assertThatThrownBy(() -> pass(in, out, (_, value) -> value, new ArrayList<>()))
                .isInstanceOf(TernException.class)
                .hasMessageContaining(message);
    }

    private static long pass(String in, String out, TopicPass.Work work, List<Double> parts) {
        return new TopicPass(broker.bootstrapServers()).run(in, out, work, parts::add, Cancellation.none());
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int partition) {
        TopicPartition place = new TopicPartition(topic, partition);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = clients.reader(Duration.ofMillis(200))) {
            consumer.assign(List.of(place));
            long end = consumer.endOffsets(List.of(place)).get(place);
            while (consumer.position(place) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
