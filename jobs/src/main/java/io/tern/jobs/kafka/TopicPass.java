package io.tern.jobs.kafka;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One pass over what a topic holds when the pass begins: what comes of each record goes to another topic, into the same
 * partition and under the same key, so that both keep one order. Records are worked on one after another. A pass writes the
 * result of a record once and waits for a broker that goes away meanwhile; a pass that is begun again, since its process has
 * died or its work has failed, repeats what it has done, and the headers {@code source-partition} and {@code source-offset}
 * tell which results are the same.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 */
public record TopicPass(String bootstrapServers) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Pattern NAME = Pattern.compile("tern\\.frames\\.[A-Za-z0-9._-]{1,200}");
    /** What a batch of one result has besides key and value: the frames of both, and the headers. */
    private static final int FRAME_BYTES = 256;

    /** What is done with a record. */
    @FunctionalInterface
    public interface Work {
        /**
         * @param key null: none
         * @param mostBytes that the result may have
         * @return the value of the result
         */
        byte[] apply(byte @Nullable [] key, byte[] value, int mostBytes);
    }

    /**
     * @param in its records are read from the oldest to the newest that there is now
     * @param out made like the other where it is missing; otherwise it has at least as many partitions
     * @param progress told the part that is done, 0..1
     * @return how many records there were
     * @throws TernException INVALID_ARGUMENT for topics that are not named {@code tern.frames.*}, are one, do not fit, or of
     *     which one is not there; PAYLOAD_TOO_LARGE for a result that the topic does not take; UNAVAILABLE if Kafka is away
     *     at the beginning; CANCELLED; INTERNAL_ERROR for whatever else Kafka says; and what the work throws
     */
    public long run(String in, String out, Work work, DoubleConsumer progress, Cancellation cancellation) {
        requireName("frames.in", in);
        requireName("frames.out", out);
        TernException.require(!in.equals(out), "frames.out", out, "another topic than frames.in");
        KafkaClients clients = new KafkaClients(bootstrapServers);
        try (Admin admin = clients.admin()) {
            PassTopics topics = new PassTopics(admin, in, out);
            int mostBytes = topics.prepare();
            PassWatch watch = new PassWatch(topics, cancellation);
            try (KafkaConsumer<byte[], byte[]> consumer = clients.reader(POLL);
                    PassResults results = PassResults.open(clients, watch)) {
                return copy(consumer, results, topics, mostBytes, work, progress, watch);
            }
        } catch (KafkaException e) {
            throw told(e);
        }
    }

    private static void requireName(String field, String topic) {
        TernException.require(NAME.matcher(topic).matches(), field, topic, "a topic named tern.frames.*");
    }

    private static long copy(
            KafkaConsumer<byte[], byte[]> consumer,
            PassResults results,
            PassTopics topics,
            int mostBytes,
            Work work,
            DoubleConsumer progress,
            PassWatch watch) {
        List<TopicPartition> partitions = KafkaClients.partitions(consumer, topics.in());
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long all = left(consumer, ends);
        long done = 0;
        while (!isAtEnd(consumer, ends, watch)) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                watch.moved();
                if (record.offset() < ends.getOrDefault(new TopicPartition(topics.in(), record.partition()), 0L)) {
                    results.send(result(topics.out(), record, mostBytes, work));
                    done++;
                    progress.accept(Math.min(1, (double) done / all));
                }
            }
            if (records.isEmpty()) {
                watch.stood();
            }
        }
        results.confirm();
        return done;
    }

    /** Nobody knows while the broker is away, which is waited for: what was written is not to be written again. */
    private static boolean isAtEnd(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, PassWatch watch) {
        try {
            return left(consumer, ends) == 0;
        } catch (TimeoutException e) {
            watch.stood();
            return false;
        }
    }

    /** Offsets up to the ends; more than records where some were compacted away. */
    private static long left(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }

    private static ProducerRecord<byte[], byte[]> result(
            String out, ConsumerRecord<byte[], byte[]> record, int mostBytes, Work work) {
        byte @Nullable [] key = record.key();
        byte[] value = record.value() == null ? new byte[0] : record.value();
        int most = mostBytes - FRAME_BYTES - (key == null ? 0 : key.length);
        byte[] worked = work.apply(key, value, most);
        if (worked.length > most) {
            throw tooLarge("a result of " + worked.length + " bytes (expected: at most " + most + ")");
        }
        ProducerRecord<byte[], byte[]> result = new ProducerRecord<>(out, record.partition(), key, worked);
        result.headers().add("source-partition", number(record.partition()));
        result.headers().add("source-offset", number(record.offset()));
        return result;
    }

    private static byte[] number(long value) {
        return String.valueOf(value).getBytes(StandardCharsets.US_ASCII);
    }

    private static TernException tooLarge(String what) {
        return new TernException(ErrorCode.PAYLOAD_TOO_LARGE, "frames.out: " + what, "frames.out", null);
    }

    /** Only a broker that is away is waited for without end; what has another cause is tried again a few times. */
    private static TernException told(KafkaException e) {
        Throwable cause = e instanceof RetriableException || e.getCause() == null ? e : e.getCause();
        return switch (cause) {
            case RecordTooLargeException _ -> tooLarge(String.valueOf(cause.getMessage()));
            case InterruptException _, InterruptedException _ -> new TernException(ErrorCode.CANCELLED, "interrupted");
            // ours are constants, but for the addresses: none of them has a name that is known
            case RetriableException _, ConfigException _ ->
                new TernException(ErrorCode.UNAVAILABLE, "Kafka: " + cause.getMessage());
            default ->
                new TernException(
                        ErrorCode.INTERNAL_ERROR,
                        "Kafka: " + cause.getClass().getSimpleName() + ": " + cause.getMessage(),
                        null,
                        e);
        };
    }
}
