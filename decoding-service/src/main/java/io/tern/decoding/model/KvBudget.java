package io.tern.decoding.model;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.concurrent.atomic.AtomicLong;

/** How much memory the caches of all models that share it may take together. Safe for use by many threads. */
public final class KvBudget {
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    public KvBudget(long limitBytes) {
        if (limitBytes < 1) {
            throw new IllegalArgumentException("limitBytes: " + limitBytes + " (expected: at least 1)");
        }
        this.limitBytes = limitBytes;
    }

    public long limitBytes() {
        return limitBytes;
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    /** @throws TernException OVERLOADED if that is more than what is left */
    Reservation reserve(long bytes) {
        long before = usedBytes.getAndUpdate(used -> bytes <= limitBytes - used ? used + bytes : used);
        if (bytes > limitBytes - before) {
            throw new TernException(
                    ErrorCode.OVERLOADED,
                    "key-value memory: " + before + " of " + limitBytes + " bytes used (expected: " + bytes + " free)");
        }
        return new Reservation(bytes);
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
