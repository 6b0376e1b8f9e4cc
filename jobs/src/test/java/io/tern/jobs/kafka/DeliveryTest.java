package io.tern.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import io.tern.base.Priority;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.jobs.JobType;
import io.tern.jobs.kafka.Delivery.Submission;
import io.tern.jobs.kafka.Delivery.Unreadable;
import io.tern.jobs.v1.JobPriority;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobSubmission;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DeliveryTest {
    private static final long ARRIVED = 1_795_543_061_067L;
    private static final JobSubmission SUBMISSION = JobSubmission.newBuilder()
            .setId("j-1")
            .setRequest(JobRequest.newBuilder()
                    .setDecoding(GenerateRequest.newBuilder().setPrompt("Hello")))
            .build();

    @Test
    void readsProtobufAndJson() throws Exception {
        Submission fromProtobuf = (Submission) Delivery.read(record(SUBMISSION.toByteArray(), ""));
        byte[] json = JsonFormat.printer().print(SUBMISSION).getBytes(StandardCharsets.UTF_8);
        assertThat(Delivery.read(record(json, "Application/JSON; charset=utf-8")))
                .isEqualTo(fromProtobuf);
        assertThat(fromProtobuf.lane().type()).isEqualTo(JobType.DECODING);
        assertThat(fromProtobuf.request()).contains(SUBMISSION.getRequest());
        assertThat(fromProtobuf.queued().getCreatedAt()).isEqualTo(Timestamps.fromMillis(ARRIVED));
        assertThat(fromProtobuf.queued().getExpiresAt())
                .isEqualTo(Timestamps.fromMillis(ARRIVED + Delivery.USUAL.toMillis()));
    }

    @Test
    void takesTheTypeOfASubmissionWhoseRequestLiesInTheStore() {
        JobSubmission stored =
                SUBMISSION.toBuilder().clearRequest().setType("generation").build();
        Submission submission = (Submission) Delivery.read(record(stored.toByteArray(), ""));
        assertThat(submission.lane().type()).isEqualTo(JobType.GENERATION);
        assertThat(submission.request()).isEmpty();
    }

    @Test
    void readsThePriority() {
        JobSubmission live =
                SUBMISSION.toBuilder().setPriority(JobPriority.LIVE).build();
        Submission submission = (Submission) Delivery.read(record(live.toByteArray(), ""));
        assertThat(submission.lane().priority()).isEqualTo(Priority.LIVE);
        assertThat(submission.queued().getPriority()).isEqualTo(JobPriority.LIVE);
        JobSubmission unsaid = SUBMISSION.toBuilder().clearPriority().build();
        assertThat(((Submission) Delivery.read(record(unsaid.toByteArray(), "")))
                        .lane()
                        .priority())
                .isEqualTo(Priority.BATCH);
    }

    @Test
    void boundsWhatAProducerSaysAboutTime() {
        JobSubmission far = SUBMISSION.toBuilder()
                .setCreatedAt(Timestamps.MAX_VALUE)
                .setExpiresAt(Timestamps.MAX_VALUE)
                .build();
        Submission submission = (Submission) Delivery.read(record(far.toByteArray(), ""));
        assertThat(Timestamps.toMillis(submission.queued().getCreatedAt()))
                .isEqualTo(ARRIVED + Delivery.CLOCK_TOLERANCE.toMillis());
        assertThat(Timestamps.toMillis(submission.queued().getExpiresAt()))
                .isEqualTo(ARRIVED + Delivery.LONGEST.toMillis());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "null",
                "{\"id\": 7}",
                "{\"id\": \"../x\", \"request\": {\"decoding\": {}}}",
                "{\"id\": \"j-1\", \"request\": {\"decoding\": {}}, \"no_such_field\": 1}",
                "{\"id\": \"j-1\", \"request\": {\"decoding\": {}, \"generation\": {}}}",
                "{\"id\": \"j-1\", \"request\": {\"decoding\": {}}, \"type\": \"detection\"}",
                "{\"id\": \"j-1\", \"type\": \"washing\"}",
                "{\"id\": \"j-1\"}",
                "{\"id\": \"j-1\", \"request\": {\"decoding\": {}}, \"priority\": 9}",
                "{\"id\": \"j-1\", \"request\": {\"decoding\": {\"temperature\": \"warm\"}}}",
                "{\"id\": \"j-1\", \"created_at\": \"yesterday\", \"request\": {\"decoding\": {}}}",
            })
    void refusesWrongJson(String json) {
        assertThat(Delivery.read(record(json.getBytes(StandardCharsets.UTF_8), "application/json")))
                .isInstanceOf(Unreadable.class);
    }

    @Test
    void survivesJsonThatIsNestedWithoutEnd() {
        String deep = "{\"request\":".repeat(200_000);
        assertThat(Delivery.read(record(deep.getBytes(StandardCharsets.UTF_8), "application/json")))
                .isInstanceOf(Unreadable.class);
        String list = "[".repeat(400_000);
        assertThat(Delivery.read(record(list.getBytes(StandardCharsets.UTF_8), "application/json")))
                .isInstanceOf(Unreadable.class);
    }

    @Test
    void refusesAKeyThatIsNotTheIdAndAnUnknownContentType() {
        byte[] value = SUBMISSION.toByteArray();
        assertThat(Delivery.read(record("other".getBytes(StandardCharsets.UTF_8), value, "")))
                .isInstanceOf(Unreadable.class);
        assertThat(Delivery.read(record(null, value, ""))).isInstanceOf(Submission.class);
        assertThat(Delivery.read(record(value, "text/xml"))).isInstanceOf(Unreadable.class);
        assertThat(Delivery.read(record(null, null, ""))).isInstanceOf(Unreadable.class);
    }

    @Test
    void neverThrowsOnMutatedAndRandomBytes() {
        byte[] valid = SUBMISSION.toByteArray();
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = seed % 2 == 0 ? valid.clone() : new byte[random.nextInt(300)];
            if (seed % 2 == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            } else {
                random.nextBytes(bytes);
            }
            String contentType = random.nextInt(4) == 0 ? "application/json" : "";
            assertThat(Delivery.read(record(null, bytes, contentType)))
                    .as("seed " + seed)
                    .isNotNull();
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value, String contentType) {
        return record("j-1".getBytes(StandardCharsets.UTF_8), value, contentType);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value, String contentType) {
        RecordHeaders headers = new RecordHeaders();
        if (!contentType.isEmpty()) {
            headers.add("content-type", contentType.getBytes(StandardCharsets.UTF_8));
        }
        return new ConsumerRecord<>(
                Topics.JOBS, 0, 0, ARRIVED, TimestampType.LOG_APPEND_TIME, 0, 0, key, value, headers, Optional.empty());
    }
}
