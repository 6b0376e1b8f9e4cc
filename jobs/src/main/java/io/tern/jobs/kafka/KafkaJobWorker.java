package io.tern.jobs.kafka;

import io.tern.base.TernException;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobRoom;
import io.tern.jobs.JobType;
import io.tern.jobs.artifact.ArtifactStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the jobs of one type: several at once, each in its own slot, live ones beside the others. It waits for Kafka if there
 * is none, and comes back by itself when Kafka does. A job it is doing when it dies is done by another one; when it is closed,
 * too.
 */
public final class KafkaJobWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaJobWorker.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration GIVE_BACK = Duration.ofSeconds(2);

    private final KafkaClients clients;
    private final WorkerParts parts;
    private final List<JobSlot> slots;
    private final List<Thread> threads;
    private final Thread starter;
    private final TopicTail states;

    /**
     * Begins to work.
     *
     * @param bootstrapServers {@code host:port}, comma-separated
     * @param slots jobs of each priority that it takes at once, 1..100
     * @param room where those that are taken wait until they may begin
     */
    public KafkaJobWorker(
            String bootstrapServers,
            JobType type,
            int slots,
            ArtifactStore store,
            JobRoom room,
            JobHandler handler,
            WorkerSettings settings) {
        this(bootstrapServers, type, slots, store, room, handler, settings, StepProbe.NONE);
    }

    KafkaJobWorker(
            String bootstrapServers,
            JobType type,
            int slots,
            ArtifactStore store,
            JobRoom room,
            JobHandler handler,
            WorkerSettings settings,
            StepProbe probe) {
        if (slots < 1 || slots > 100) {
            throw new IllegalArgumentException("slots: " + slots + " (expected: 1..100)");
        }
        this.clients = new KafkaClients(bootstrapServers);
        this.parts = new WorkerParts(type, store, room, handler, settings, new JobPublisher(clients), probe);
        this.slots = JobLane.ofType(type).stream()
                .flatMap(lane -> IntStream.range(0, slots).mapToObj(_ -> new JobSlot(clients, parts, lane)))
                .toList();
        this.states = new TopicTail(clients, Topics.STATE, this::lookAt);
        this.threads = IntStream.range(0, this.slots.size())
                .mapToObj(slot -> Thread.ofPlatform()
                        .daemon()
                        .name("tern-" + type.wireName() + "-slot-" + slot)
                        .unstarted(this.slots.get(slot)))
                .toList();
        this.starter = Thread.ofPlatform()
                .daemon()
                .name("tern-" + type.wireName() + "-start")
                .start(this::startSlots);
    }

    public WorkerCounters counters() {
        return parts.counters();
    }

    /**
     * Takes no further jobs, lets those that run go on for {@link WorkerSettings#drain}, then gives them back to the
     * queue. Returns when nothing runs, or when a handler did not listen for some seconds after that.
     */
    @Override
    public void close() {
        starter.interrupt();
        join(List.of(starter), GIVE_BACK);
        slots.forEach(JobSlot::stopTaking);
        join(threads, parts.settings().drain());
        slots.forEach(JobSlot::giveBack);
        join(threads, GIVE_BACK);
        threads.forEach(Thread::interrupt);
        join(threads, GIVE_BACK);
        states.close();
        parts.publisher().close();
    }

    /** Tries until the topics are there and the group is set up. */
    private void startSlots() {
        while (!Thread.currentThread().isInterrupted()) {
            try (Admin admin = clients.admin()) {
                Topics.create(admin);
                Topics.lockDuration(admin, parts.type(), parts.settings().lock());
                threads.forEach(Thread::start);
                return;
            } catch (KafkaException e) {
                LOG.warn("a worker waits for Kafka: {}", e.getMessage());
                Pause.of(AGAIN);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** A job of ours that changed on the state topic may have been ended by somebody else. */
    private void lookAt(ConsumerRecord<byte[], byte[]> state) {
        if (state.key() == null) {
            return;
        }
        String id = new String(state.key(), StandardCharsets.UTF_8);
        try {
            slots.forEach(slot -> slot.look(id));
        } catch (TernException e) {
            LOG.info("a job's log cannot be read now: {}", e.getMessage());
        }
    }

    private static void join(List<Thread> threads, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            for (Thread thread : threads) {
                if (thread.getState() == Thread.State.NEW) {
                    continue; // Kafka was never there
                }
                thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
