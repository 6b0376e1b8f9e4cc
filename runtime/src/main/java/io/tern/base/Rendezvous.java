package io.tern.base;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where the calls of many requests meet, to be run as one batch. One of the waiting threads runs the batch for all, so each
 * request follows its own algorithm and knows nothing of the others. First come, first served: a batch takes calls in the
 * order of their coming, and those of another kind than the first wait for the next. Where live calls wait, at most one of
 * those that can wait goes with them; but no batch passes the first of these twice. Safe for many threads; one lock guards
 * all of its state.
 *
 * @param <C> a call; the memory it names must be open to the thread that runs the batch, whichever that is
 */
public final class Rendezvous<C> {
    private final Limits limits;
    private final ToIntFunction<C> rows;
    private final Function<C, Object> kind;
    private final Function<C, Priority> priority;
    private final Runner<C> runner;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All below are guarded by the lock.
    private final List<Waiting> waiting = new ArrayList<>();
    private final Set<Guest> expected = new HashSet<>();
    private int running;
    private long lastEndNanos = System.nanoTime();

    /**
     * When a batch is run.
     *
     * @param rows most of a batch, which runs as soon as it has so many; a call that has more runs alone
     * @param patience how long calls wait for others: strangers from the coming of the first of them, guests also from the
     *     end of the last batch
     * @param concurrency batches at a time; while so many run, calls gather
     */
    public record Limits(int rows, Duration patience, int concurrency) {
        public Limits {
            if (rows < 1 || patience.isNegative() || concurrency < 1) {
                throw new IllegalArgumentException("rows, patience, concurrency: " + rows + ", " + patience + ", "
                        + concurrency + " (expected: >= 1, >= 0, >= 1)");
            }
        }
    }

    /** Runs a batch. */
    @FunctionalInterface
    public interface Runner<C> {
        /**
         * Called by as many threads at once as there may be batches. Where a batch of several calls throws, each of them is
         * run again alone: one may be to blame, the others are not.
         *
         * @param cancellation is cancelled when all callers of the batch have gone
         */
        void run(List<C> batch, Cancellation cancellation);
    }

    /** All calls are live. */
    public Rendezvous(Limits limits, ToIntFunction<C> rows, Function<C, Object> kind, Runner<C> runner) {
        this(limits, rows, kind, _ -> Priority.LIVE, runner);
    }

    /**
     * @param rows of a call
     * @param kind only calls that are equal in it run together
     */
    public Rendezvous(
            Limits limits,
            ToIntFunction<C> rows,
            Function<C, Object> kind,
            Function<C, Priority> priority,
            Runner<C> runner) {
        this.limits = limits;
        this.rows = rows;
        this.kind = kind;
        this.priority = priority;
        this.runner = runner;
    }

    /**
     * Whoever is going to call again and again: the others wait for it. If it did not come in time for one batch, they do
     * so again from its next call on. For one thread at a time; closing it says that it will not come any more.
     */
    public final class Guest implements AutoCloseable {
        private Guest() {}

        /** As {@link Rendezvous#call}. */
        public void call(C call, Cancellation cancellation) {
            Rendezvous.this.call(call, this, cancellation);
        }

        @Override
        public void close() {
            lock.lock();
            try {
                expected.remove(this);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    public Guest join() {
        Guest guest = new Guest();
        lock.lock();
        try {
            expected.add(guest);
        } finally {
            lock.unlock();
        }
        return guest;
    }

    /**
     * Returns when the call has been run. A caller that is cancelled, interrupted or out of time leaves at once if its call
     * is in no batch yet, else when that batch ends, as it uses the caller's memory.
     *
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED; and whatever a run of its call throws
     */
    public void call(C call, Cancellation cancellation) {
        call(call, null, cancellation);
    }

    /** Calls that wait for a batch. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Guests that are waited for. */
    int expected() {
        lock.lock();
        try {
            return expected.size();
        } finally {
            lock.unlock();
        }
    }

    private void call(C call, @Nullable Guest guest, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        Waiting own = new Waiting(call, guest);
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

    private void leave(Waiting gone) {
        lock.lock();
        try {
            gone.hasLeft = true;
            Batch batch = gone.batch;
            if (batch != null && batch.members.stream().allMatch(member -> member.hasLeft)) {
                batch.cancellation.cancel();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void await(Waiting own, Cancellation cancellation) {
        while (!own.isDone && !(own.batch == null && cancellation.isCancelled())) {
            if (running < limits.concurrency() && isComplete()) {
                run(take());
            } else if (own.batch == null) {
                pause(cancellation);
            } else {
                changed.awaitUninterruptibly();
            }
        }
    }

    /** Whether there is nothing more to wait for. */
    private boolean isComplete() {
        return !waiting.isEmpty() && (isFull() || patienceNanos() <= 0);
    }

    private boolean isFull() {
        return next().stream().mapToInt(member -> rows.applyAsInt(member.call)).sum() >= limits.rows();
    }

    /** How long those that wait are still to do so. */
    private long patienceNanos() {
        Waiting first = waiting.getFirst();
        long now = System.nanoTime();
        long waited = now - first.sinceNanos;
        if (first.guest != null) {
            if (!isAnyExpectedMissing()) {
                return 0;
            }
            waited = Math.min(waited, now - lastEndNanos);
        }
        return limits.patience().toNanos() - waited;
    }

    private boolean isAnyExpectedMissing() {
        return expected.stream().anyMatch(guest -> waiting.stream().noneMatch(member -> guest.equals(member.guest)));
    }

    private void pause(Cancellation cancellation) {
        long patience = running < limits.concurrency() ? patienceNanos() : Long.MAX_VALUE;
        try {
            changed.awaitNanos(Math.max(1, Math.min(patience, cancellation.remainingNanos())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TernException(ErrorCode.CANCELLED, "interrupted while waiting for its turn");
        }
    }

    /** The first calls of one kind that fit into one batch. */
    private Batch take() {
        List<Waiting> members = new ArrayList<>();
        int sum = 0;
        for (Waiting next : next()) {
            sum += rows.applyAsInt(next.call);
            if (!members.isEmpty() && sum > limits.rows()) {
                break;
            }
            members.add(next);
        }
        waiting.removeAll(members);
        if (members.stream().anyMatch(member -> member.priority == Priority.LIVE)) {
            of(Priority.BATCH).stream().findFirst().ifPresent(first -> first.isPassed = true);
        }
        Batch batch = new Batch(members);
        members.forEach(member -> member.batch = batch);
        return batch;
    }

    /** Those that can run together, in the order in which they would. */
    private List<Waiting> next() {
        List<Waiting> live = of(Priority.LIVE);
        if (live.isEmpty() || live.size() == waiting.size()) {
            return ofKind(waiting.getFirst(), waiting);
        }
        Waiting patient = of(Priority.BATCH).getFirst();
        List<Waiting> next = new ArrayList<>(live);
        next.add(patient.isPassed ? 0 : live.size(), patient);
        return ofKind(next.getFirst(), next);
    }

    private List<Waiting> of(Priority priority) {
        return waiting.stream().filter(member -> member.priority == priority).toList();
    }

    private List<Waiting> ofKind(Waiting first, List<Waiting> calls) {
        return calls.stream().filter(member -> member.kind.equals(first.kind)).toList();
    }

    /** Leaves the lock for as long as the batch runs. */
    private void run(Batch batch) {
        expected.removeIf(guest -> waiting.stream().noneMatch(member -> guest.equals(member.guest)));
        batch.members.stream().map(member -> member.guest).forEach(this::expect);
        running++;
        lock.unlock();
        try {
            batch.run();
        } finally {
            lock.lock();
            running--;
            lastEndNanos = System.nanoTime();
            batch.members.forEach(member -> member.isDone = true);
            changed.signalAll();
        }
    }

    private void expect(@Nullable Guest guest) {
        if (guest != null) {
            expected.add(guest);
        }
    }

    /** Calls that run together. */
    private final class Batch {
        final List<Waiting> members;
        final Cancellation cancellation = new Cancellation();

        Batch(List<Waiting> members) {
            this.members = List.copyOf(members);
        }

        void run() {
            Throwable failure = run(members);
            if (failure == null) {
                return;
            }
            for (Waiting member : members) {
                member.failure = members.size() == 1 || cancellation.isCancelled() ? failure : run(List.of(member));
            }
        }

        private @Nullable Throwable run(List<Waiting> some) {
            try {
                runner.run(some.stream().map(member -> member.call).toList(), cancellation);
                return null;
            } catch (RuntimeException | Error e) {
                return e;
            }
        }
    }

    /** A call and what has become of it. */
    private final class Waiting {
        final C call;
        final Object kind;
        final Priority priority;
        final @Nullable Guest guest;
        final long sinceNanos = System.nanoTime();

        @Nullable
        Batch batch;

        boolean hasLeft;
        boolean isDone;
        /** Live calls went while it was the first of those that can wait. */
        boolean isPassed;

        /** Written by the thread that runs the batch, before it takes the lock to say that it is done. */
        @Nullable
        Throwable failure;

        Waiting(C call, @Nullable Guest guest) {
            this.call = call;
            this.kind = Rendezvous.this.kind.apply(call);
            this.priority = Rendezvous.this.priority.apply(call);
            this.guest = guest;
        }

        void throwFailure() {
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure); // a run throws nothing checked
            }
        }
    }
}
