package io.tern.gateway.batches;

import io.micrometer.core.instrument.MeterRegistry;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.files.FileStore;
import io.tern.gateway.files.StoredFile;
import io.tern.gateway.keys.Caller;
import io.tern.gateway.problem.Problem;
import io.tern.gateway.problem.ProblemException;
import io.tern.jobs.JobId;
import io.tern.jobs.JobOwner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.node.ObjectNode;

/**
 * All batches. Each that is not over is run by one process, which holds its lock: this one takes what it has accepted, and
 * what it finds that nobody runs, be it from before a restart or left behind by another gateway that has died.
 */
public final class Batches implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Batches.class);

    private static final Duration LOOK_AROUND = Duration.ofSeconds(10);
    private static final int ROUNDS_A_SWEEP = 60;
    /** What is over is told of for so long. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final Duration UNTIL_CLOSED = Duration.ofSeconds(2);
    /** Of one caller. */
    private static final int MAX_UNFINISHED = 100;

    private final BatchStore store;
    /** By the path of their endpoint. */
    private final Map<String, BatchRun.Lane> lanes;

    private final BatchRun.Parts parts;
    private final Map<String, BatchRun> running = new ConcurrentHashMap<>();
    /** Those that are over, which need no second look. */
    private final Set<String> over = ConcurrentHashMap.newKeySet();

    /** Held from counting a caller's batches until there is one more. */
    private final Object creating = new Object();

    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * @param firstPause before a line is asked again that was refused for now; doubled up to half a minute
     * @param isUp whether a service answers, by its name
     */
    public Batches(
            FileStore files,
            List<BatchEndpoint> endpoints,
            Duration firstPause,
            Predicate<String> isUp,
            MeterRegistry registry,
            InstantSource clock) {
        this.store = new BatchStore(files);
        this.lanes = lanes(endpoints, isUp);
        this.parts = new BatchRun.Parts(
                files,
                firstPause,
                new LargeLines(),
                new Semaphore(1),
                clock,
                result -> registry.counter("tern.batch.lines", "outcome", result.error() ? "failed" : "completed")
                        .increment());
        registry.gaugeMapSize("tern.batches.running", List.of(), running);
    }

    private static Map<String, BatchRun.Lane> lanes(List<BatchEndpoint> endpoints, Predicate<String> isUp) {
        Map<String, Turns> turns = new HashMap<>();
        return endpoints.stream()
                .collect(Collectors.toMap(
                        BatchEndpoint::path,
                        endpoint -> new BatchRun.Lane(
                                endpoint,
                                turns.computeIfAbsent(endpoint.service(), _ -> new Turns(endpoint.linesAtOnce())),
                                () -> isUp.test(endpoint.service()))));
    }

    /** Begins to look for what nobody runs. */
    public void start() {
        Thread.ofVirtual().name("batches").start(this::lookAround);
    }

    /**
     * From its return on the batch is there, whatever ends.
     *
     * @throws TernException NOT_FOUND (the file), INVALID_ARGUMENT, OVERLOADED (too many that are not over),
     *     PAYLOAD_TOO_LARGE (no room for what it writes), UNAVAILABLE
     */
    Batch create(ObjectNode body, Caller caller) {
        long now = parts.clock().millis();
        BatchOrder order = BatchOrder.of(body, lanes.keySet(), now / 1000, caller.limits());
        JobOwner owner = caller.owner();
        StoredFile input = input(owner, order.inputFileId());
        parts.files().requireRoom(owner);
        Batch batch = Batch.accepted(
                Batch.PREFIX + JobId.next(now) + owner.mark(),
                order,
                parts.files().nextId(owner),
                parts.files().nextId(owner));
        synchronized (creating) {
            requireFewUnfinished(owner);
            store.create(batch, input);
        }
        look(batch.id()); // from here on it is accepted, whether it can be run now or not
        return batch;
    }

    private void requireFewUnfinished(JobOwner owner) {
        int unfinished = store.unfinished(owner);
        if (unfinished >= MAX_UNFINISHED) {
            throw new TernException(
                    ErrorCode.OVERLOADED,
                    "batches: " + unfinished + " are not over (expected: fewer than " + MAX_UNFINISHED + ")");
        }
    }

    private StoredFile input(JobOwner owner, String id) {
        try {
            StoredFile input = parts.files().get(owner, id);
            input.requireLines();
            return input;
        } catch (TernException e) {
            String message = String.valueOf(e.getMessage()).replaceFirst("^id:", "input_file_id:");
            throw new TernException(e.code(), message, "input_file_id", e);
        }
    }

    /** @throws TernException NOT_FOUND */
    Batch get(JobOwner owner, String id) {
        return store.get(owner, id);
    }

    /** The newest first. @param after id of the last one before; null: from the beginning */
    List<Batch> list(JobOwner owner, @Nullable String after, int atMost) {
        return store.list(owner, after, atMost);
    }

    /**
     * Asks for its end; asking again changes nothing.
     *
     * @throws TernException NOT_FOUND
     * @throws ProblemException 409 where it is over, or all its lines are
     */
    Batch cancel(JobOwner owner, String id) {
        Batch batch = store.get(owner, id);
        if (batch.status().isCancellable()) {
            store.askForEnd(id, parts.clock().millis() / 1000);
            BatchRun here = running.get(id);
            if (here != null) {
                here.reins().pull(Reins.Reason.CANCELLED); // who runs it elsewhere finds what was asked
            }
            batch = store.get(owner, id);
        }
        if (batch.status() != BatchStatus.CANCELLING && batch.status() != BatchStatus.CANCELLED) {
            String message = "status: " + batch.status().wireName() + " (expected: validating or in_progress)";
            throw new ProblemException(new Problem(HttpStatus.CONFLICT, "conflict", message), null);
        }
        return batch;
    }

    /** What is being asked is asked again by whoever takes these batches next. */
    @Override
    public void close() {
        synchronized (this) {
            closing.countDown(); // from now on none is taken
        }
        running.values().forEach(run -> run.reins().pull(Reins.Reason.CLOSING));
        long end = System.nanoTime() + UNTIL_CLOSED.toNanos();
        while (!running.isEmpty() && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void lookAround() {
        try {
            for (int round = 0; round == 0 || !isClosedAfter(LOOK_AROUND); round++) {
                try {
                    store.ids().filter(id -> !over.contains(id)).forEach(this::look);
                    if (round % ROUNDS_A_SWEEP == 0) {
                        store.sweep(parts.clock().instant().minus(KEPT).getEpochSecond());
                        over.clear(); // the next round finds which of them are there still
                    }
                } catch (RuntimeException e) {
                    // Broadly, for this is an edge: a disk that is away comes back.
                    log.warn("batches cannot be looked at now: {}", e.toString());
                }
            }
        } catch (InterruptedException _) {
            // the process ends
        }
    }

    private boolean isClosedAfter(Duration rest) throws InterruptedException {
        return closing.await(rest.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(String id) {
        try {
            if (store.isUnfinished(id)) {
                take(id);
            } else {
                over.add(id);
            }
        } catch (RuntimeException e) {
            // Broadly, for this is an edge: one that cannot be run keeps nothing from the others.
            log.warn("batch {} cannot be run now: {}", id, e.toString());
        }
    }

    /** Runs it here, if nobody does. */
    private synchronized void take(String id) {
        if (closing.getCount() == 0 || running.containsKey(id)) {
            return;
        }
        Batch batch = store.read(id).orElseThrow();
        BatchRun.Lane lane = lanes.get(batch.order().endpoint());
        if (lane == null) {
            throw new IllegalStateException("batch " + id + " is of an endpoint that is not here any more");
        }
        store.lock(id).ifPresent(lock -> {
            // Read again: who had the lock until now may have gone on.
            BatchRun run = new BatchRun(store, parts, store.read(id).orElse(batch));
            running.put(id, run);
            Thread.ofVirtual().name(id).start(() -> run(id, run, lane, lock));
        });
    }

    private void run(String id, BatchRun run, BatchRun.Lane lane, FileChannel lock) {
        try (lock) {
            run.run(lane);
        } catch (IOException | InterruptedException | RuntimeException e) {
            // Broadly, for this is an edge: it stays unfinished, and is looked at again.
            log.error("batch {} was left where it is", id, e);
        } finally {
            running.remove(id);
        }
    }
}
