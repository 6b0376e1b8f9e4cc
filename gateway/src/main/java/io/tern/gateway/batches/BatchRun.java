package io.tern.gateway.batches;

import io.tern.base.TernException;
import io.tern.gateway.files.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one batch, from where its state says that it is: validate all, ask line by line, write the end. It runs on
 * its own thread, which alone saves the state; so many more ask lines. Whatever step a crash interrupts is done again by
 * the next run, without harm.
 */
final class BatchRun {
    private static final Logger log = LoggerFactory.getLogger(BatchRun.class);

    private static final Duration LOOK_AROUND = Duration.ofMillis(200);

    private final BatchStore store;
    private final Parts parts;
    private final PatientDisk disk;
    private final Reins reins = new Reins();
    /** As it was saved last; the run's own thread's. */
    private Batch batch;

    /**
     * What all runs of a process share.
     *
     * @param validating one at a time, which bounds what the ids of all lines take
     * @param counted hears of each line that is finished
     */
    record Parts(
            FileStore files,
            Duration firstPause,
            LargeLines large,
            Semaphore validating,
            InstantSource clock,
            Consumer<LineResult> counted) {}

    /**
     * What the lines of one batch need.
     *
     * @param turns of the service, which all batches share in the order of their coming
     */
    record Lane(BatchEndpoint endpoint, Turns turns, BooleanSupplier isUp) {}

    BatchRun(BatchStore store, Parts parts, Batch batch) {
        this.store = store;
        this.parts = parts;
        this.disk = new PatientDisk(batch.id());
        this.batch = batch;
    }

    Reins reins() {
        return reins;
    }

    /** Returns when the batch is over, or the reins were pulled because this process ends. */
    void run(Lane lane) throws InterruptedException {
        Path folder = store.folder(batch.id());
        LineReader reader = new LineReader(lane.endpoint());
        if (batch.status() == BatchStatus.VALIDATING && !validate(folder, reader)) {
            return;
        }
        if (!batch.status().isOver()) {
            lines(folder, lane, reader);
        }
        if (batch.status().isOver()) {
            disk.run(() -> store.tidy(batch.id()));
        }
    }

    /** @return false where this process ends before that was done */
    private boolean validate(Path folder, LineReader reader) throws InterruptedException {
        Optional<Validation> found = disk.get(() -> validation(folder, reader));
        if (reins.reason() == Reins.Reason.CLOSING) {
            return false;
        }
        save(found.map(this::validated).orElseGet(this::stopped));
        return true;
    }

    /** One try, which keeps nobody from validating while it is waited for the next. */
    private Optional<Validation> validation(Path folder, LineReader reader) throws IOException, InterruptedException {
        while (!isStopped()) {
            if (parts.validating().tryAcquire(LOOK_AROUND.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    return Validation.of(folder.resolve(BatchStore.INPUT), reader, this::isStopped);
                } finally {
                    parts.validating().release();
                }
            }
        }
        return Optional.empty();
    }

    private Batch validated(Validation found) {
        return found.faults().isEmpty()
                ? batch.valid(found.total(), found.model()).in(BatchStatus.IN_PROGRESS, now())
                : batch.with(found.faults()).in(BatchStatus.FAILED, now());
    }

    /** Before it was known what its lines are. */
    private Batch stopped() {
        return batch.in(reins.reason() == Reins.Reason.EXPIRED ? BatchStatus.EXPIRED : BatchStatus.CANCELLED, now());
    }

    private boolean isStopped() {
        if (!reins.isPulled()) {
            lookAround();
        }
        return reins.isPulled();
    }

    private void lines(Path folder, Lane lane, LineReader reader) throws InterruptedException {
        try (BatchOutput output = disk.get(() -> BatchOutput.open(folder))) {
            if (batch.status() == BatchStatus.IN_PROGRESS) {
                ask(folder, lane, reader, output);
            }
            if (reins.reason() == Reins.Reason.CLOSING) {
                return;
            }
            finish(folder, reader, output);
        } catch (IOException e) {
            log.warn("batch {}: a file could not be closed: {}", batch.id(), e.toString());
        }
    }

    /** Until all lines are finished or the reins are pulled. */
    private void ask(Path folder, Lane lane, LineReader reader, BatchOutput output) throws InterruptedException {
        try (InputLines input = disk.get(() -> InputLines.open(
                folder.resolve(BatchStore.INPUT), lane.endpoint().maxLineBytes(), parts.large(), reins::isPulled))) {
            LineWork work =
                    new LineWork(input, reader, lineRun(lane), output, disk, lane.turns(), reins, parts.counted());
            disk.run(this::lookAround);
            List<Thread> threads = Stream.generate(
                            () -> Thread.ofVirtual().name(batch.id()).start(work))
                    .limit(lane.endpoint().linesAtOnce())
                    .toList();
            try {
                watch(threads, output);
            } finally {
                join(threads);
            }
        } catch (IOException e) {
            log.warn("batch {}: its input could not be closed: {}", batch.id(), e.toString());
        }
        batch = batch.with(output.counts());
        if (!reins.isPulled() && !isFinished()) {
            throw new IllegalStateException("batch " + batch.id() + " has lines that nobody asked");
        }
    }

    private LineRun lineRun(Lane lane) {
        String mark = batch.owner().mark();
        return new LineRun(
                lane.endpoint().call(),
                batch.order().limits(),
                mark.isEmpty() ? null : "Batch " + mark,
                lane.isUp(),
                parts.firstPause(),
                reins);
    }

    /** Nothing is closed before they have ended. */
    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private boolean isFinished() {
        return batch.counts().completed() + batch.counts().failed() == batch.total();
    }

    /** Tells how far it is, and looks for reasons to stop. */
    private void watch(List<Thread> threads, BatchOutput output) throws InterruptedException {
        while (threads.stream().anyMatch(Thread::isAlive) && !reins.isPulled()) {
            reins.rest(LOOK_AROUND);
            try {
                lookAround();
            } catch (TernException e) {
                log.warn("batch {}: the disk cannot be looked at now: {}", batch.id(), e.toString());
            }
            if (!output.counts().equals(batch.counts())) {
                batch = batch.with(output.counts());
                tell(batch);
            }
        }
    }

    private void lookAround() {
        if (now() >= batch.order().expiresAt()) {
            reins.pull(Reins.Reason.EXPIRED);
        } else if (store.endAsked(batch.id()).isPresent()) {
            reins.pull(Reins.Reason.CANCELLED);
        }
    }

    private void tell(Batch now) {
        try {
            store.tell(now.id(), now.counts());
        } catch (IOException e) {
            log.warn("batch {}: its counts are not told: {}", now.id(), e.toString());
        }
    }

    private void finish(Path folder, LineReader reader, BatchOutput output) throws InterruptedException {
        batch = batch.with(output.counts());
        BatchStatus end = end();
        if (end == BatchStatus.CANCELLED && batch.status() != BatchStatus.CANCELLING) {
            save(batch.in(BatchStatus.CANCELLING, store.endAsked(batch.id()).orElse(now())));
        } else if (end == BatchStatus.COMPLETED && batch.status() != BatchStatus.FINALIZING) {
            save(batch.in(BatchStatus.FINALIZING, now()));
        }
        BatchEnd writing = new BatchEnd(folder, parts.files(), disk);
        if (!isFinished()) {
            Reins.Reason why = end == BatchStatus.EXPIRED ? Reins.Reason.EXPIRED : Reins.Reason.CANCELLED;
            writing.giveUp(output, reader.endpoint().maxLineBytes(), parts.large(), why);
            batch = batch.with(output.counts());
        }
        writing.publish(batch);
        save(batch.in(end, now()));
    }

    private BatchStatus end() {
        if (batch.status() == BatchStatus.CANCELLING || reins.reason() == Reins.Reason.CANCELLED) {
            return BatchStatus.CANCELLED;
        }
        return reins.reason() == Reins.Reason.EXPIRED ? BatchStatus.EXPIRED : BatchStatus.COMPLETED;
    }

    private void save(Batch next) throws InterruptedException {
        disk.run(() -> store.save(next));
        batch = next;
        log.info(
                "batch {} is {}: {} of {} lines answered, {} failed",
                next.id(),
                next.status().wireName(),
                next.counts().completed(),
                next.total(),
                next.counts().failed());
    }

    private long now() {
        return parts.clock().millis() / 1000;
    }
}
