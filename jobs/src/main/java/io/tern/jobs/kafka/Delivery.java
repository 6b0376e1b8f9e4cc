package io.tern.jobs.kafka;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import io.tern.jobs.JobId;
import io.tern.jobs.JobPriorities;
import io.tern.jobs.JobType;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobPriority;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.JobState;
import io.tern.jobs.v1.JobSubmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What a record of {@link Topics#JOBS} says. Anybody can write there, so nothing is believed before it was checked. */
sealed interface Delivery {
    /** Longest life of a job, and its life if it does not say. */
    Duration LONGEST = Duration.ofDays(7);

    Duration USUAL = Duration.ofDays(1);

    int LONGEST_WEBHOOK = 2048;

    /** A job may say that it was made so long after it arrived, because clocks differ. */
    Duration CLOCK_TOLERANCE = Duration.ofHours(1);

    /**
     * A job to do.
     *
     * @param queued the job as it looks before anybody has begun it
     * @param request nothing where it lies in the artifact store
     */
    record Submission(Job queued, JobLane lane, Optional<JobRequest> request) implements Delivery {}

    /** @param reason in one sentence, without the content of the record */
    record Unreadable(String reason) implements Delivery {}

    /** Never throws. */
    static Delivery read(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null || value.length == 0) {
            return new Unreadable("value: empty (expected: a tern.jobs.v1.JobSubmission)");
        }
        try {
            return checked(parse(record, value), record);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Broadly, for this is an edge: parsers meet bytes that were made to break them.
            return new Unreadable("value: it cannot be parsed (expected: a tern.jobs.v1.JobSubmission)");
        }
    }

    private static JobSubmission parse(ConsumerRecord<byte[], byte[]> record, byte[] value) throws IOException {
        return switch (contentType(record)) {
            case "", "application/x-protobuf", "application/protobuf" -> JobSubmission.parseFrom(value);
            case "application/json" -> {
                String json = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(value))
                        .toString();
                JobSubmission.Builder submission = JobSubmission.newBuilder();
                JsonFormat.parser().merge(json, submission);
                yield submission.build();
            }
            default -> throw new IOException("content-type: neither protobuf nor JSON");
        };
    }

    private static Delivery checked(JobSubmission submission, ConsumerRecord<byte[], byte[]> record) {
        if (!JobId.isValid(submission.getId())) {
            return new Unreadable("id: not a name (expected: 1..64 of [A-Za-z0-9_-])");
        }
        if (record.key() != null && !submission.getId().equals(new String(record.key(), StandardCharsets.ISO_8859_1))) {
            return new Unreadable("key: another one (expected: the id)");
        }
        Optional<JobType> asked = JobType.of(submission.getRequest());
        Optional<JobType> type = submission.getType().isEmpty() ? asked : JobType.of(submission.getType());
        if (type.isEmpty() || (asked.isPresent() && !asked.equals(type))) {
            return new Unreadable("type: none (expected: detection, generation or decoding, as the request)");
        }
        if (submission.getPriority() == JobPriority.UNRECOGNIZED) {
            return new Unreadable("priority: another number (expected: LIVE or BATCH)");
        }
        if (submission.getWebhook().length() > LONGEST_WEBHOOK) {
            return new Unreadable("webhook: too long (expected: at most " + LONGEST_WEBHOOK + " characters)");
        }
        if (!Timestamps.isValid(submission.getCreatedAt()) || !Timestamps.isValid(submission.getExpiresAt())) {
            return new Unreadable("created_at, expires_at: no instants (expected: years 1..9999)");
        }
        JobLane lane = new JobLane(type.get(), JobPriorities.of(submission.getPriority()));
        return new Submission(
                queued(submission, lane, record.timestamp()), lane, asked.map(_ -> submission.getRequest()));
    }

    private static Job queued(JobSubmission submission, JobLane lane, long arrivedAtMillis) {
        Timestamp arrived = Timestamps.fromMillis(arrivedAtMillis);
        Timestamp created = submission.hasCreatedAt()
                ? earlier(submission.getCreatedAt(), later(arrived, CLOCK_TOLERANCE))
                : arrived;
        Timestamp expires = submission.hasExpiresAt() ? submission.getExpiresAt() : later(created, USUAL);
        return Job.newBuilder()
                .setId(submission.getId())
                .setType(lane.type().wireName())
                .setPriority(JobPriorities.message(lane.priority()))
                .setWebhook(submission.getWebhook())
                .setState(JobState.QUEUED)
                .setCreatedAt(created)
                .setExpiresAt(earlier(expires, later(arrived, LONGEST)))
                .build();
    }

    private static Timestamp earlier(Timestamp one, Timestamp other) {
        return Timestamps.compare(one, other) <= 0 ? one : other;
    }

    private static Timestamp later(Timestamp time, Duration by) {
        return Timestamps.fromMillis(Timestamps.toMillis(time) + by.toMillis());
    }

    private static String contentType(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("content-type");
        if (header == null || header.value() == null) {
            return "";
        }
        String value = new String(header.value(), StandardCharsets.ISO_8859_1);
        int parameters = value.indexOf(';');
        return (parameters < 0 ? value : value.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }
}
