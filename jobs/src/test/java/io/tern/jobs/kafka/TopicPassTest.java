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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
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
        long done = pass(IN, "tern.frames.out", (key, value, _) -> bytes(text(key) + ": " + text(value)), parts);
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
    void refusesATopicOfResultsThatHasNoPlaceForEachPartition() throws Exception {
        make("tern.frames.narrow", 1, Map.of());
        assertRefused(
                IN,
                "tern.frames.narrow",
                "frames.out: tern.frames.narrow with 1 partitions (expected: at least 2, as tern.frames.in has)");
        make("tern.frames.wide", 3, Map.of());
        assertThat(pass(IN, "tern.frames.wide", (_, value, _) -> value, new ArrayList<>()))
                .isEqualTo(250);
    }

    /** The work is told a size that the broker takes, to the last byte. */
    @Test
    void tellsHowLargeAResultMayBe() throws Exception {
        make("tern.frames.small", 2, Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "3000"));
        assertThat(pass(IN, "tern.frames.small", (_, _, mostBytes) -> new byte[mostBytes], new ArrayList<>()))
                .isEqualTo(250);
        assertThat(read("tern.frames.small", 0))
                .hasSize(125)
                .allSatisfy(result -> assertThat(result.value()).hasSizeBetween(2500, 3000));
        assertThatThrownBy(() ->
                        pass(IN, "tern.frames.small", (_, _, mostBytes) -> new byte[mostBytes + 1], new ArrayList<>()))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE))
                .hasMessageMatching("frames.out: a result of [0-9]+ bytes .expected: at most [0-9]+.");
    }

    @Test
    void waitsForABrokerThatGoesAwayAndWritesNothingTwice() {
        AtomicInteger worked = new AtomicInteger();
        long done = pass(
                IN,
                "tern.frames.restart",
                (_, value, _) -> {
                    if (worked.incrementAndGet() == 120) {
                        broker.stop();
                        Thread.ofPlatform().start(broker::start);
                    }
                    return value;
                },
                new ArrayList<>());
        assertThat(done).isEqualTo(250);
        assertThat(worked).hasValue(250);
        for (int partition = 0; partition < 2; partition++) {
            assertThat(read("tern.frames.restart", partition).stream().map(result -> text(result.value())))
                    .containsExactlyElementsOf(read(IN, partition).stream()
                            .map(frame -> text(frame.value()))
                            .toList());
        }
    }

    /** A compacted topic takes no record without a key: such a try counts, or it would be made for ever. */
    @Test
    void whatKafkaRefusesIsNoAbsence() throws Exception {
        make("tern.frames.keyless", 1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = clients.producer(PATIENCE, PATIENCE)) {
            producer.send(new ProducerRecord<>("tern.frames.keyless", bytes("frame")))
                    .get();
        }
        make("tern.frames.compacted", 1, Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        assertThatThrownBy(() ->
                        pass("tern.frames.keyless", "tern.frames.compacted", (_, value, _) -> value, new ArrayList<>()))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL_ERROR))
                .hasMessageContaining("Kafka: InvalidRecordException");
    }

    @Test
    void endsWhenATopicIsDeletedUnderIt() {
        AtomicInteger worked = new AtomicInteger();
        assertRefused(
                IN,
                "tern.frames.deleted",
                (_, value, _) -> {
                    if (worked.incrementAndGet() == 120) {
                        delete("tern.frames.deleted");
                    }
                    return value;
                },
                "frames.out: tern.frames.deleted (expected: a topic that is there)");
    }

    @Test
    void endsWithWhatTheWorkThrows() {
        assertThatThrownBy(() -> pass(
                        IN,
                        "tern.frames.failing",
                        (_, value, _) -> {
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
                                (_, value, _) -> {
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
        assertRefused(in, out, (_, value, _) -> value, message);
    }

    private static void assertRefused(String in, String out, TopicPass.Work work, String message) {
        assertThatThrownBy(() -> pass(in, out, work, new ArrayList<>()))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(message);
    }

    private static void make(String topic, int partitions, Map<String, String> configs) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs)))
                    .all()
                    .get();
        }
    }

    private static void delete(String topic) {
        try (Admin admin = clients.admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
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
