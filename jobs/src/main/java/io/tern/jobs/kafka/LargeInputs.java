package io.tern.jobs.kafka;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.base.WaitingLine;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds what requests that were too large for Kafka take of a worker's memory, for each priority by itself: several
 * together, or one however large it is. The others wait, and smaller ones do not pass it.
 */
final class LargeInputs {
    private static final long MOST_BYTES = 32 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Memory> memories =
            Arrays.stream(Priority.values()).map(_ -> new Memory()).toList();

    /** Of one priority. */
    private final class Memory {
        private final WaitingLine line = new WaitingLine(lock);
        private long freeBytes = MOST_BYTES;

        void take(long bytes, Cancellation cancellation) {
            lock.lock();
            try {
                line.await(() -> bytes <= freeBytes, cancellation);
                freeBytes -= bytes;
            } finally {
                lock.unlock();
            }
        }

        void giveBack(long bytes) {
            lock.lock();
            try {
                freeBytes += bytes;
                line.wakeFirst();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Held until it is closed. */
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws TernException CANCELLED or DEADLINE_EXCEEDED while it waits */
    Place enter(Priority priority, long bytes, Cancellation cancellation) {
        Memory memory = memories.get(priority.ordinal());
        long taken = Math.min(bytes, MOST_BYTES);
        memory.take(taken, cancellation);
        return () -> memory.giveBack(taken);
    }
}
