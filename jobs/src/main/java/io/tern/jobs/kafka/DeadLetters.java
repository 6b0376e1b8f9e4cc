package io.tern.jobs.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Records that no worker can do anything with: their bytes, why, and where they lay; of their headers only the content type. */
final class DeadLetters {
    private DeadLetters() {}

    /** Its key is the place of the record, so that the same record found twice is one letter after compaction. */
    static ProducerRecord<byte[], byte[]> letter(ConsumerRecord<byte[], byte[]> record, String reason) {
        String place = record.topic() + "/" + record.partition() + "/" + record.offset();
        byte[] value = record.value() == null ? new byte[0] : record.value();
        ProducerRecord<byte[], byte[]> letter = JobPublisher.record(Topics.DEAD_LETTERS, place, value);
        letter.headers().add("tern-reason", reason.getBytes(StandardCharsets.UTF_8));
        Header contentType = record.headers().lastHeader("content-type");
        if (contentType != null && contentType.value() != null && contentType.value().length <= 100) {
            letter.headers().add("content-type", contentType.value());
        }
        return letter;
    }
}
