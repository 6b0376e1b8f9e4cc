package io.tern.jobs.kafka;

import io.tern.base.ErrorCode;
import io.tern.jobs.JobChange;
import io.tern.jobs.JobLog;
import io.tern.jobs.JobType;
import io.tern.jobs.artifact.ArtifactStore;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobError;
import io.tern.jobs.v1.JobState;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
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

    /** One round. @throws KafkaException if the cluster cannot be reached */
    void keep() throws InterruptedException {
        try (Admin admin = clients.admin()) {
            Map<JobType, Map<Integer, Long>> done = new EnumMap<>(JobType.class);
            for (JobType type : JobType.values()) {
                done.put(type, firstUndone(admin, type));
            }
            List<JobTable.Seen> live = table.live();
            for (JobTable.Seen seen : live) {
                JobTable.Place place = seen.place();
                Map<Integer, Long> ofType =
                        done.get(JobType.of(seen.job().getType()).orElseThrow());
                if (place != null && ofType != null && place.offset() < ofType.getOrDefault(place.partition(), 0L)) {
                    rescue(seen.job(), place);
                }
            }
            trim(admin, done, live);
        }
    }

    /** For each partition, the first offset that the group of the type has not done with; empty if there is no group. */
    private static Map<Integer, Long> firstUndone(Admin admin, JobType type) throws InterruptedException {
        try {
            var offsets = admin.listShareGroupOffsets(Map.of(Topics.group(type), new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(Topics.group(type))
                    .get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            Map<Integer, Long> firsts = new HashMap<>();
            offsets.forEach((partition, info) -> {
                if (info != null && partition.topic().equals(Topics.JOBS)) {
                    firsts.put(partition.partition(), info.startOffset());
                }
            });
            return firsts;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException(e);
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
            JobError error = JobError.newBuilder()
                    .setCode(ErrorCode.INTERNAL_ERROR.wireName())
                    .setMessage("its request is gone")
                    .build();
            ender.end(job, new JobChange.Failed(log.attempts(), error, JobPublisher.now()));
        }
    }

    private Optional<ConsumerRecord<byte[], byte[]>> read(JobTable.Place place) {
        TopicPartition partition = new TopicPartition(Topics.JOBS, place.partition());
        try (KafkaConsumer<byte[], byte[]> consumer = clients.reader()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, place.offset());
            for (var record : consumer.poll(READ)) {
                return record.offset() == place.offset() ? Optional.of(record) : Optional.empty();
            }
            throw new KafkaException("the jobs topic cannot be read now");
        }
    }

    /** Deletes what all groups have done with, up to the first job that has not ended. */
    private static void trim(Admin admin, Map<JobType, Map<Integer, Long>> done, List<JobTable.Seen> live)
            throws InterruptedException {
        Map<Integer, Long> needed = new HashMap<>();
        done.values().forEach(type -> type.forEach((partition, first) -> needed.merge(partition, first, Math::min)));
        needed.keySet().removeIf(partition -> !done.values().stream().allMatch(type -> type.containsKey(partition)));
        for (JobTable.Seen seen : live) {
            JobTable.Place place = seen.place();
            if (place != null) {
                needed.computeIfPresent(place.partition(), (_, first) -> Math.min(first, place.offset()));
            }
        }
        Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
        needed.forEach((partition, first) ->
                deletions.put(new TopicPartition(Topics.JOBS, partition), RecordsToDelete.beforeOffset(first)));
        try {
            admin.deleteRecords(deletions).all().get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the jobs topic cannot be trimmed", e);
        }
    }
}
