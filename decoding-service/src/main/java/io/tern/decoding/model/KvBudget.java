package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.base.Work;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the caches of all models that share it may take together, beginnings that are kept for later texts
 * included: those give way to a text that needs the memory. Safe for use by many threads.
 */
public final class KvBudget {
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final PrefixStore prefixes;
    private final MemoryQueue queue;

    /** Keeps no beginnings. */
    public KvBudget(long limitBytes) {
        this(limitBytes, 0);
    }

    /** @param prefixBytes most of it that beginnings may take; 0 keeps none */
    public KvBudget(long limitBytes, long prefixBytes) {
        if (limitBytes < 1 || prefixBytes < 0) {
            throw new IllegalArgumentException("limitBytes, prefixBytes: " + limitBytes + ", " + prefixBytes
                    + " (expected: at least 1, at least 0)");
        }
        this.limitBytes = limitBytes;
        this.prefixes = new PrefixStore(this, prefixBytes);
        this.queue = new MemoryQueue(limitBytes);
    }

    public long limitBytes() {
        return limitBytes;
    }

    /** By texts that are written now. */
    public long usedBytes() {
        return usedBytes.get() - prefixes.usedBytes();
    }

    public PrefixStore prefixes() {
        return prefixes;
    }

    /**
     * Once it is there. For who holds none of it yet, since else all could wait for each other.
     *
     * @param work a call has its turn before all others, which take a part of all at most
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED
     */
    Reservation reserve(long bytes, Work work, Cancellation cancellation) {
        return queue.reserve(bytes, work, () -> reclaimed(bytes), cancellation);
    }

    /**
     * At once.
     *
     * @throws TernException OVERLOADED if that is more than what is left
     */
    Reservation reserve(long bytes) {
        return reclaimed(bytes)
                .orElseThrow(() -> new TernException(
                        ErrorCode.OVERLOADED,
                        "key-value memory: " + usedBytes.get() + " of " + limitBytes + " bytes used (expected: " + bytes
                                + " free)"));
    }

    /** Beginnings that are kept give way to it, if that is enough. */
    private Optional<Reservation> reclaimed(long bytes) {
        if (bytes > limitBytes - usedBytes()) {
            return Optional.empty();
        }
        Optional<Reservation> reservation = tryReserve(bytes);
        while (reservation.isEmpty() && prefixes.reclaim()) {
            reservation = tryReserve(bytes);
        }
        return reservation;
    }

    /** There may be more memory than before. */
    void change() {
        queue.change();
    }

    /** Texts that wait for memory. */
    int waiting() {
        return queue.waiting();
    }

    /** Empty if that is more than what is left. */
    Optional<Reservation> tryReserve(long bytes) {
        long before = usedBytes.getAndUpdate(used -> bytes <= limitBytes - used ? used + bytes : used);
        return bytes > limitBytes - before ? Optional.empty() : Optional.of(new Bytes(bytes));
    }

    /** Memory that is taken until it is closed, once. */
    @FunctionalInterface
    interface Reservation extends AutoCloseable {
        @Override
        void close();
    }

    private final class Bytes implements Reservation {
        private final AtomicLong bytes;

        private Bytes(long bytes) {
            this.bytes = new AtomicLong(bytes);
        }

        @Override
        public void close() {
            usedBytes.addAndGet(-bytes.getAndSet(0));
            change();
        }
    }
}
