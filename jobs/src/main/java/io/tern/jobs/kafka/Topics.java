package io.tern.jobs.kafka;

import io.tern.jobs.JobType;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of jobs and the share groups of their workers. */
public final class Topics {
    public static final String JOBS = "tern.jobs.v1";
    public static final String STATE = "tern.job-state.v1";
    public static final String EVENTS = "tern.job-events.v1";
    public static final String DEAD_LETTERS = "tern.dead-letters.v1";

    /** Of one record on any of the topics but the last, whose records are those of others and a little more. */
    static final int MAX_RECORD_BYTES = 1 << 20;

    private static final Duration WAIT = Duration.ofSeconds(15);

    private Topics() {}

    /**
     * Creates what is missing, leaves what is there, and lets each group see records that are older than itself: without
     * that, jobs submitted before their first worker came would be lost.
     *
     * @throws KafkaException if the cluster cannot be reached within 15 s
     */
    static void create(Admin admin) throws InterruptedException {
        List<NewTopic> topics = List.of(
                // One partition: a share group divides records, but a slot sees only the partitions it is assigned, so
                // with several a job could wait behind a busy slot while another is idle.
                topic(JOBS, 1, TopicConfig.CLEANUP_POLICY_DELETE, Delivery.LONGEST.plusDays(1)),
                topic(STATE, 4, TopicConfig.CLEANUP_POLICY_COMPACT, Duration.ofMillis(-1)),
                topic(EVENTS, 4, TopicConfig.CLEANUP_POLICY_DELETE, Duration.ofHours(6)),
                // Each type's group may find the same garbage: compaction leaves one.
                topic(DEAD_LETTERS, 1, "compact,delete", Duration.ofDays(30)));
        for (var created : admin.createTopics(topics).values().values()) {
            try {
                created.get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw failure(e);
                }
            } catch (TimeoutException e) {
                throw failure(e);
            }
        }
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        JobLane.all()
                .forEach(lane -> changes.put(groupResource(lane), List.of(set("share.auto.offset.reset", "earliest"))));
        await(admin, changes);
    }

    /** How long a record stays with a worker that shows no sign of life. The broker bounds it (15 s..60 s by default). */
    static void lockDuration(Admin admin, JobType type, Duration lock) throws InterruptedException {
        AlterConfigOp duration = set("share.record.lock.duration.ms", String.valueOf(lock.toMillis()));
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        JobLane.ofType(type).forEach(lane -> changes.put(groupResource(lane), List.of(duration)));
        await(admin, changes);
    }

    private static NewTopic topic(String name, int partitions, String cleanup, Duration retention) {
        Map<String, String> configs = new HashMap<>();
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup);
        int maxBytes = name.equals(DEAD_LETTERS) ? MAX_RECORD_BYTES + (64 << 10) : MAX_RECORD_BYTES;
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(maxBytes));
        configs.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(retention.toMillis()));
        configs.put(TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(32 << 20));
        // What is deleted or overwritten leaves the disk after the segment it is in was closed.
        configs.put(
                TopicConfig.SEGMENT_MS_CONFIG,
                String.valueOf(Duration.ofHours(1).toMillis()));
        configs.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1");
        // A producer's clock must not decide how long a record is kept.
        configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
    }

    private static ConfigResource groupResource(JobLane lane) {
        return new ConfigResource(ConfigResource.Type.GROUP, lane.group());
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }

    private static void await(Admin admin, Map<ConfigResource, Collection<AlterConfigOp>> changes)
            throws InterruptedException {
        try {
            admin.incrementalAlterConfigs(changes).all().get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw failure(e);
        }
    }

    private static KafkaException failure(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return new KafkaException("topics of jobs: " + cause.getMessage(), cause);
    }
}
