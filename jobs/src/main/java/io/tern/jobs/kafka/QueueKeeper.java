package io.tern.jobs.kafka;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobLog;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the jobs topic: sends a job again whose record the share group has done with although the job has not
 * ended (a broker archives a record that was delivered too often, silently), and deletes the records that nobody needs.
 */
final class QueueKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(QueueKeeper.class);
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration READ = Duration.ofSeconds(3);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final KafkaClients clients;
    private final ArtifactStore store;
    private final JobTable table;
    private final JobEnder ender;
    private final JobPublisher publisher;

    QueueKeeper(KafkaClients clients, ArtifactStore store, JobTable table, JobEnder ender, JobPublisher publisher) {
        this.clients = clients;
        this.store = store;
        this.table = table;
        this.ender = ender;
        this.publisher = publisher;
    }

    /**
     * One round.
     *
     * @throws KafkaException if the cluster cannot be reached
     */
    void keep() throws InterruptedException {
        List<JobTable.Seen> live = table.live();
        try (Admin admin = clients.admin()) {
            Map<Integer, Long> ends = ends(admin); // asked before the groups are, so that they are older
            Map<JobLane, Map<Integer, Long>> undone = new HashMap<>();
            for (JobLane lane : JobLane.all()) {
                undone.put(lane, firstUndone(admin, lane, ends));
            }
            for (JobTable.Seen seen : live) {
                JobTable.Place place = seen.place();
                // Null for a type that only a later version knows.
                Map<Integer, Long> ofLane =
                        JobLane.of(seen.job()).map(undone::get).orElse(null);
                if (place != null && ofLane != null && place.offset() < ofLane.getOrDefault(place.partition(), 0L)) {
                    rescueIfItCanBe(seen.job(), place);
                }
            }
            trim(admin, undone, table.live());
        }
    }

    private static Map<Integer, Long> ends(Admin admin) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (TopicDescription topic : await(
                        admin.describeTopics(List.of(Topics.JOBS)).allTopicNames())
                .values()) {
            topic.partitions()
                    .forEach(info ->
                            latest.put(new TopicPartition(topic.name(), info.partition()), OffsetSpec.latest()));
        }
        Map<Integer, Long> ends = new HashMap<>();
        await(admin.listOffsets(latest).all())
                .forEach((partition, info) -> ends.put(partition.partition(), info.offset()));
        return ends;
    }

    /**
     * For each partition, the first offset that the group of the lane may not have done with; empty if it has not begun.
     * Its start moves late, with its next record; but its lag counts all it has not done with.
     */
    private static Map<Integer, Long> firstUndone(Admin admin, JobLane lane, Map<Integer, Long> ends)
            throws InterruptedException {
        String group = lane.group();
        Map<Integer, Long> firsts = new HashMap<>();
        await(admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                        .partitionsToOffsetInfo(group))
                .forEach((partition, info) -> {
                    if (info != null && partition.topic().equals(Topics.JOBS)) {
                        boolean allDone = info.lag().orElse(1L) == 0;
                        long end = ends.getOrDefault(partition.partition(), 0L);
                        firsts.put(partition.partition(), allDone ? end : Math.min(info.startOffset(), end));
                    }
                });
        return firsts;
    }

    private static <T> T await(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the jobs topic cannot be looked after now", e);
        }
    }

    /** A damaged log is its own job's trouble, not that of the others. */
    private void rescueIfItCanBe(Job job, JobTable.Place place) throws InterruptedException {
        try {
            rescue(job, place);
        } catch (TernException e) {
            LOG.info("job {}: {}", job.getId(), e.getMessage());
        }
    }

    private void rescue(Job job, JobTable.Place place) throws InterruptedException {
        JobLog log = store.log(job.getId());
        log.end().ifPresent(table::merge);
        boolean isRunning =
                log.last().filter(last -> last.getState() == JobState.RUNNING).isPresent();
        if (log.isOver() || isRunning) {
            return; // a running one that has lost its worker is the reaper's first
        }
        Optional<ConsumerRecord<byte[], byte[]>> record = read(place);
        if (record.isPresent()) {
            LOG.warn("job {}: its record was given up; it is sent again", job.getId());
            ConsumerRecord<byte[], byte[]> lost = record.get();
            publisher.send(new ProducerRecord<>(Topics.JOBS, null, lost.key(), lost.value(), lost.headers()), WAIT);
        } else {
            JobError error = JobTeller.error(ErrorCode.INTERNAL_ERROR, "its request is gone");
            ender.end(job, new JobChange.Failed(log.attempts(), error, JobPublisher.now()));
        }
    }

    private Optional<ConsumerRecord<byte[], byte[]>> read(JobTable.Place place) {
        TopicPartition partition = new TopicPartition(Topics.JOBS, place.partition());
        try (KafkaConsumer<byte[], byte[]> consumer = clients.reader(SHORT)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, place.offset());
            for (var record : consumer.poll(READ)) {
                return record.offset() == place.offset() ? Optional.of(record) : Optional.empty();
            }
            throw new KafkaException("the jobs topic cannot be read now");
        }
    }

    /** Deletes what all groups have done with, up to the first job that has not ended. */
    private static void trim(Admin admin, Map<JobLane, Map<Integer, Long>> undone, List<JobTable.Seen> live)
            throws InterruptedException {
        Map<Integer, Long> needed = new HashMap<>();
        undone.values().forEach(lane -> lane.forEach((partition, first) -> needed.merge(partition, first, Math::min)));
        needed.keySet().removeIf(partition -> !undone.values().stream().allMatch(lane -> lane.containsKey(partition)));
        for (JobTable.Seen seen : live) {
            JobTable.Place place = seen.place();
            if (place != null) {
                needed.computeIfPresent(place.partition(), (_, first) -> Math.min(first, place.offset()));
            }
        }
        Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
        needed.forEach((partition, first) ->
                deletions.put(new TopicPartition(Topics.JOBS, partition), RecordsToDelete.beforeOffset(first)));
        await(admin.deleteRecords(deletions).all());
    }
}
