package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.base.WaitingLine;
import io.tern.base.Work;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Texts that wait for memory of a budget: calls first, then live jobs, each in the order of coming. All but calls take a
 * fourth of it together, or else one text, so that calls find the rest; what batches use is nothing to a live job. Safe for
 * use by many threads; one lock guards all state, and no memory is looked for under it.
 */
final class MemoryQueue {
    private static final int SHARE = 4;

    private final long shareBytes;
    private final ReentrantLock lock = new ReentrantLock();
    /** By kind of work, the most urgent first. */
    private final List<WaitingLine> lines =
            Arrays.stream(Work.values()).map(_ -> new WaitingLine(lock)).toList();

    private final long[] usedBytes = new long[Work.values().length];

    MemoryQueue(long budgetBytes) {
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
        Search search = new Search(bytes, work, whole);
        lock.lock();
        try {
            lines.get(work.ordinal()).await(search::isOver, cancellation);
            // Others gave back while it searched, or a more urgent one came: then the share is exceeded by one text.
            usedBytes[work.ordinal()] += bytes;
            return new Part(search.found(), work, bytes);
        } finally {
            wakeFirst();
            lock.unlock();
        }
    }

    /** Of the first in its line for memory in the budget. */
    private final class Search {
        private final long bytes;
        private final Work work;
        private final Supplier<Optional<KvBudget.Reservation>> whole;
        private Optional<KvBudget.Reservation> found = Optional.empty();

        Search(long bytes, Work work, Supplier<Optional<KvBudget.Reservation>> whole) {
            this.bytes = bytes;
            this.work = work;
            this.whole = whole;
        }

        boolean isOver() {
            if (isMostUrgent(work) && fits(bytes, work)) {
                lock.unlock();
                try {
                    found = whole.get();
                } finally {
                    lock.lock();
                }
            }
            return found.isPresent();
        }

        KvBudget.Reservation found() {
            return found.orElseThrow();
        }
    }

    private boolean isMostUrgent(Work work) {
        return lines.stream().limit(work.ordinal()).allMatch(WaitingLine::isEmpty);
    }

    private boolean fits(long bytes, Work work) {
        long counted = switch (work) {
            case CALL -> 0;
            case LIVE_JOB -> usedBytes[work.ordinal()];
            case BATCH_CALL, BATCH_JOB -> Arrays.stream(usedBytes).sum() - usedBytes[Work.CALL.ordinal()];
        };
        return counted == 0 || counted + bytes <= shareBytes;
    }

    int waiting() {
        lock.lock();
        try {
            return lines.stream().mapToInt(WaitingLine::size).sum();
        } finally {
            lock.unlock();
        }
    }

    /** There may be more memory than before. */
    void change() {
        lock.lock();
        try {
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void wakeFirst() {
        lines.forEach(WaitingLine::wakeFirst);
    }
}
