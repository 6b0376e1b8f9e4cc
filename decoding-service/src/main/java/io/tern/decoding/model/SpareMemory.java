package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.base.Work;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The part of a budget that texts may take which can wait: a fourth of it, or else one text, so that calls find the rest.
 * Live jobs first, then in the order of coming; what batches use is nothing to a live job. Safe for use by many threads; one lock guards all state, and no memory is looked for under it.
 */
final class SpareMemory {
    private static final int SHARE = 4;

    private final long shareBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** By kind of work, the first kind first. */
    private final List<Deque<Object>> waiting = Arrays.stream(Work.values())
            .<Deque<Object>>map(_ -> new ArrayDeque<>())
            .toList();

    private final long[] usedBytes = new long[Work.values().length];
    private long changes;

    SpareMemory(long budgetBytes) {
        this.shareBytes = budgetBytes / SHARE;
    }

    /** So many bytes of it, and of the budget, until it is closed. */
    private final class Part implements KvBudget.Reservation {
        private final KvBudget.Reservation whole;
        private final Work work;
        private final long bytes;
        private boolean open = true;

        Part(KvBudget.Reservation whole, Work work, long bytes) {
            this.whole = whole;
            this.work = work;
            this.bytes = bytes;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                usedBytes[work.ordinal()] -= open ? bytes : 0;
                open = false;
            } finally {
                lock.unlock();
            }
            whole.close();
        }
    }

    /**
     * Waits for it.
     *
     * @param whole asked whenever there may be memory in the budget
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED
     */
    KvBudget.Reservation reserve(
            long bytes, Work work, Supplier<Optional<KvBudget.Reservation>> whole, Cancellation cancellation) {
        Object own = new Object();
        lock.lock();
        try (var _ = cancellation.onCancel(this::change)) {
            waiting.get(work.ordinal()).addLast(own);
            while (true) {
                cancellation.throwIfCancelled();
                long seen = changes;
                if (isFirst(own) && fits(bytes, work)) {
                    Optional<KvBudget.Reservation> found = unlocked(whole);
                    if (found.isPresent()) {
                        // Others gave back meanwhile, or a more urgent one came: then the share is exceeded by one
                        // text.
                        usedBytes[work.ordinal()] += bytes;
                        return new Part(found.get(), work, bytes);
                    }
                }
                if (changes == seen) {
                    await(cancellation);
                }
            }
        } finally {
            waiting.get(work.ordinal()).remove(own);
            changed.signalAll();
            lock.unlock();
        }
    }

    private boolean isFirst(Object own) {
        return waiting.stream()
                .filter(kind -> !kind.isEmpty())
                .findFirst()
                .filter(kind -> kind.peekFirst() == own)
                .isPresent();
    }

    private boolean fits(long bytes, Work work) {
        long counted = work == Work.LIVE_JOB
                ? usedBytes[work.ordinal()]
                : Arrays.stream(usedBytes).sum();
        return counted == 0 || counted + bytes <= shareBytes;
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.stream().mapToInt(Deque::size).sum();
        } finally {
            lock.unlock();
        }
    }

    /** There may be more memory than before. */
    void change() {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T> T unlocked(Supplier<T> question) {
        lock.unlock();
        try {
            return question.get();
        } finally {
            lock.lock();
        }
    }

    private void await(Cancellation cancellation) {
        try {
            changed.await(cancellation.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TernException(ErrorCode.CANCELLED, "interrupted while waiting for memory");
        }
    }
}
