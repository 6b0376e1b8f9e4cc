package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The part of a budget that texts may take which can wait: a fourth of it, or else one text, so that calls find the rest.
 * First come, first served. Safe for use by many threads; one lock guards all state, and no memory is looked for under it.
 */
final class SpareMemory {
    private static final int SHARE = 4;

    private final long shareBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Object> waiting = new ArrayDeque<>();
    private long usedBytes;
    private long changes;

    SpareMemory(long budgetBytes) {
        this.shareBytes = budgetBytes / SHARE;
    }

    /** So many bytes of it, and of the budget, until it is closed. */
    private final class Part implements KvBudget.Reservation {
        private final KvBudget.Reservation whole;
        private final long bytes;
        private boolean open = true;

        Part(KvBudget.Reservation whole, long bytes) {
            this.whole = whole;
            this.bytes = bytes;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                usedBytes -= open ? bytes : 0;
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
            long bytes, Supplier<Optional<KvBudget.Reservation>> whole, Cancellation cancellation) {
        Object own = new Object();
        lock.lock();
        try (var _ = cancellation.onCancel(this::change)) {
            waiting.addLast(own);
            while (true) {
                cancellation.throwIfCancelled();
                long seen = changes;
                if (waiting.peekFirst() == own && (usedBytes == 0 || usedBytes + bytes <= shareBytes)) {
                    Optional<KvBudget.Reservation> found = unlocked(whole);
                    if (found.isPresent()) {
                        usedBytes += bytes; // others only gave back meanwhile, as it is the first that waits
                        return new Part(found.get(), bytes);
                    }
                }
                if (changes == seen) {
                    await(cancellation);
                }
            }
        } finally {
            waiting.remove(own);
            changed.signalAll();
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
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
