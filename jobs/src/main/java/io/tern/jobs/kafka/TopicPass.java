package io.tern.jobs.kafka;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleConsumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * One pass over what a topic holds when the pass begins: what comes of each record goes to another topic, into the same
 * partition and under the same key, so that both keep one order. Records are worked on one after another. At least once:
 * a pass that is begun again repeats what it has done; the headers {@code source-partition} and {@code source-offset}
 * tell which results are the same.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 */
public record TopicPass(String bootstrapServers) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Pattern NAME = Pattern.compile("tern\\.frames\\.[A-Za-z0-9._-]{1,200}");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** Results that may be on their way, so that a slow broker holds the pass up. */
    private static final int MOST_UNCONFIRMED = 100;

    /** What is done with a record. */
    @FunctionalInterface
    public interface Work {
        /**
         * @param key null: none
         * @return the value of the result
         */
        byte[] apply(@Nullable String key, byte[] value);
    }

    /**
     * @param in its records are read from the oldest to the newest that there is now
     * @param out made like the other where it is missing
     * @param progress told the part that is done, 0..1
     * @return how many records there were
     * @throws TernException INVALID_ARGUMENT for topics that are not named {@code tern.frames.*}, are one, or if the first
     *     is not there; UNAVAILABLE if Kafka is away; CANCELLED; and whatever the work throws
     */
    public long run(String in, String out, Work work, DoubleConsumer progress, Cancellation cancellation) {
        requireName("frames.in", in);
        requireName("frames.out", out);
        TernException.require(!in.equals(out), "frames.out", out, "another topic than frames.in");
        KafkaClients clients = new KafkaClients(bootstrapServers);
        try (Admin admin = clients.admin()) {
            makeLike(admin, in, out);
        }
        try (KafkaConsumer<byte[], byte[]> consumer = clients.reader(POLL);
                KafkaProducer<byte[], byte[]> producer = clients.producer(PATIENCE, PATIENCE)) {
            return copy(consumer, producer, in, out, work, progress, cancellation);
        } catch (KafkaException e) {
            throw away(e);
        }
    }

    private static void requireName(String field, String topic) {
        TernException.require(NAME.matcher(topic).matches(), field, topic, "a topic named tern.frames.*");
    }

    private static long copy(
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer,
            String in,
            String out,
            Work work,
            DoubleConsumer progress,
            Cancellation cancellation) {
        List<TopicPartition> partitions = KafkaClients.partitions(consumer, in);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long all = left(consumer, ends);
        long done = 0;
        List<Future<RecordMetadata>> unconfirmed = new ArrayList<>();
        while (left(consumer, ends) > 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                cancellation.throwIfCancelled();
                if (record.offset() < ends.getOrDefault(new TopicPartition(in, record.partition()), 0L)) {
                    unconfirmed.add(producer.send(result(out, record, work)));
                    done++;
                    progress.accept(Math.min(1, (double) done / all));
                }
                if (unconfirmed.size() >= MOST_UNCONFIRMED) {
                    confirm(unconfirmed);
                }
            }
            cancellation.throwIfCancelled();
        }
        confirm(unconfirmed);
        return done;
    }

    /** Offsets up to the ends; more than records where some were compacted away. */
    private static long left(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }

    private static ProducerRecord<byte[], byte[]> result(String out, ConsumerRecord<byte[], byte[]> record, Work work) {
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        byte[] value = record.value() == null ? new byte[0] : record.value();
        ProducerRecord<byte[], byte[]> result =
                new ProducerRecord<>(out, record.partition(), record.key(), work.apply(key, value));
        result.headers().add("source-partition", number(record.partition()));
        result.headers().add("source-offset", number(record.offset()));
        return result;
    }

    private static byte[] number(long value) {
        return String.valueOf(value).getBytes(StandardCharsets.US_ASCII);
    }

    private static void confirm(List<Future<RecordMetadata>> unconfirmed) {
        for (Future<RecordMetadata> result : unconfirmed) {
            await(result);
        }
        unconfirmed.clear();
    }

    private static void makeLike(Admin admin, String in, String out) {
        try {
            int partitions = await(admin.describeTopics(List.of(in))
                            .allTopicNames()
                            .toCompletionStage()
                            .toCompletableFuture())
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .size();
            var made = admin.createTopics(List.of(new NewTopic(out, Optional.of(partitions), Optional.empty())));
            var _ = await(made.all().toCompletionStage().toCompletableFuture());
        } catch (KafkaException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw TernException.invalid("frames.in", in, "a topic that is there");
            }
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw away(e);
            }
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("no answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TernException(ErrorCode.CANCELLED, "interrupted");
        }
    }

    private static TernException away(KafkaException e) {
        return new TernException(ErrorCode.UNAVAILABLE, "Kafka: " + e.getMessage());
    }
}
