package io.tern.decoding.model;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
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

    /** @throws TernException OVERLOADED if that is more than what is left */
    Reservation reserve(long bytes) {
        while (true) {
            Optional<Reservation> reservation = tryReserve(bytes);
            if (reservation.isPresent()) {
                return reservation.get();
            }
            if (!prefixes.reclaim()) {
                throw new TernException(
                        ErrorCode.OVERLOADED,
                        "key-value memory: " + usedBytes.get() + " of " + limitBytes + " bytes used (expected: " + bytes
                                + " free)");
            }
        }
    }

    /** Empty if that is more than what is left. */
    Optional<Reservation> tryReserve(long bytes) {
        long before = usedBytes.getAndUpdate(used -> bytes <= limitBytes - used ? used + bytes : used);
        return bytes > limitBytes - before ? Optional.empty() : Optional.of(new Reservation(bytes));
    }

    /** Bytes that are taken until it is closed. */
    final class Reservation implements AutoCloseable {
        private final AtomicLong bytes;

        private Reservation(long bytes) {
            this.bytes = new AtomicLong(bytes);
        }

        /** Idempotent. */
        @Override
        public void close() {
            usedBytes.addAndGet(-bytes.getAndSet(0));
        }
    }
}
