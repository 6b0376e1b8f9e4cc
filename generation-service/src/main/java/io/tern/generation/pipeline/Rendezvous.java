package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where the calls of all running requests meet, to be run as one batch. A call waits until all guests have arrived, a batch
 * is full, or a short time is over; then one of the waiting threads runs the batch for all. So each request runs its own
 * algorithm, and knows nothing of the others. First come, first served: a batch takes calls in the order of their coming,
 * and those of another kind than the first wait for the next.
 *
 * @param <C> a call
 */
final class Rendezvous<C> {
    /** What is lost where a guest does not come: little beside a run of the network, and enough for a sampler's arithmetic. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final int mostRows;
    private final ToIntFunction<C> rows;
    private final Function<C, Object> kind;
    private final Runner<C> runner;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All below are guarded by the lock.
    private final List<Waiting<C>> waiting = new ArrayList<>();
    private int guests;
    private boolean running;

    /** Runs a batch. */
    @FunctionalInterface
    interface Runner<C> {
        /** Never called by two threads at once. What it throws, every call of the batch throws. */
        void run(List<C> batch, Cancellation cancellation);
    }

    /** A guest's place; closing it gives it up. */
    @FunctionalInterface
    interface Guest extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * @param mostRows of a batch; a call that has more runs alone
     * @param rows of a call
     * @param kind only calls that are equal in it run together
     */
    Rendezvous(int mostRows, ToIntFunction<C> rows, Function<C, Object> kind, Runner<C> runner) {
        this.mostRows = mostRows;
        this.rows = rows;
        this.kind = kind;
        this.runner = runner;
    }

    /** For whoever is going to call again and again: the others wait for it. */
    Guest join() {
        addGuests(1);
        return () -> addGuests(-1);
    }

    /** Calls that wait for a batch. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void addGuests(int more) {
        lock.lock();
        try {
            guests += more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the call has been run; throws what the run threw, or that the caller has gone. */
    void call(C call, Cancellation cancellation) {
        Waiting<C> own = new Waiting<>(call, kind.apply(call), System.nanoTime());
        try (Cancellation.Registration _ = cancellation.onCancel(() -> leave(own))) {
            lock.lock();
            try {
                waiting.add(own);
                changed.signalAll();
                await(own, cancellation);
            } finally {
                waiting.remove(own);
                lock.unlock();
            }
        }
        cancellation.throwIfCancelled();
        own.throwFailure();
    }

    /** The batch that a call is in goes on for the others; when all have gone, it ends. */
    private void leave(Waiting<C> gone) {
        lock.lock();
        try {
            gone.hasLeft = true;
            List<Waiting<C>> batch = gone.batch;
            if (batch != null && batch.stream().allMatch(member -> member.hasLeft)) {
                gone.batchCancellation.cancel();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void await(Waiting<C> own, Cancellation cancellation) {
        while (!own.isDone && !(own.batch == null && cancellation.isCancelled())) {
            if (!running && isComplete()) {
                runBatch();
            } else {
                pause(own, cancellation);
            }
        }
    }

    /** Whether there is nothing more to wait for. */
    private boolean isComplete() {
        return !waiting.isEmpty()
                && (waiting.size() >= guests
                        || ofFirstKind().stream()
                                        .mapToInt(call -> rows.applyAsInt(call.call))
                                        .sum()
                                >= mostRows
                        || System.nanoTime() - waiting.getFirst().sinceNanos >= PATIENCE_NANOS);
    }

    private void pause(Waiting<C> own, Cancellation cancellation) {
        long patience = running ? Long.MAX_VALUE : PATIENCE_NANOS - (System.nanoTime() - waiting.getFirst().sinceNanos);
        long deadline = own.batch == null ? cancellation.remainingNanos() : Long.MAX_VALUE;
        try {
            changed.awaitNanos(Math.max(1, Math.min(patience, deadline)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    private void runBatch() {
        List<Waiting<C>> batch = take();
        Cancellation batchCancellation = new Cancellation();
        batch.forEach(member -> member.joinBatch(batch, batchCancellation));
        running = true;
        lock.unlock();
        Throwable failure = null;
        try {
            runner.run(batch.stream().map(member -> member.call).toList(), batchCancellation);
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            lock.lock();
            running = false;
            for (Waiting<C> member : batch) {
                member.failure = failure;
                member.isDone = true;
            }
            changed.signalAll();
        }
    }

    /** The first calls of one kind that fit into one batch. */
    private List<Waiting<C>> take() {
        List<Waiting<C>> batch = new ArrayList<>();
        int sum = 0;
        for (Waiting<C> next : ofFirstKind()) {
            sum += rows.applyAsInt(next.call);
            if (!batch.isEmpty() && sum > mostRows) {
                break;
            }
            batch.add(next);
        }
        waiting.removeAll(batch);
        return batch;
    }

    /** The call that has waited longest, and those that can run with it. */
    private List<Waiting<C>> ofFirstKind() {
        Object first = waiting.getFirst().kind;
        return waiting.stream().filter(call -> call.kind.equals(first)).toList();
    }

    /** A call and what has become of it; guarded by the lock. */
    private static final class Waiting<C> {
        final C call;
        final Object kind;
        final long sinceNanos;

        @Nullable
        List<Waiting<C>> batch;

        Cancellation batchCancellation = Cancellation.none();
        boolean hasLeft;
        boolean isDone;

        @Nullable
        Throwable failure;

        Waiting(C call, Object kind, long sinceNanos) {
            this.call = call;
            this.kind = kind;
            this.sinceNanos = sinceNanos;
        }

        void joinBatch(List<Waiting<C>> members, Cancellation cancellation) {
            batch = members;
            batchCancellation = cancellation;
        }

        void throwFailure() {
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        }
    }
}
