package io.tern.jobs.kafka;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds what requests that were too large for Kafka take of a worker's memory, for each priority by itself: several
 * together, or one however large it is. The others wait.
 */
final class LargeInputs {
    private static final int MOST_KILOBYTES = 32 << 10;
    private static final long LOOK_AROUND_MILLIS = 500;

    private final List<Memory> memories =
            Arrays.stream(Priority.values()).map(_ -> new Memory()).toList();

    /** Of one priority. Whoever is next holds the turn until there is enough, so that smaller ones do not pass it for ever. */
    private static final class Memory {
        private final Lock turn = new ReentrantLock(true);
        private final Semaphore kilobytes = new Semaphore(MOST_KILOBYTES);
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
        int taken = (int) Math.clamp(bytes >> 10, 1, MOST_KILOBYTES);
        try {
            while (!memory.turn.tryLock(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS)) {
                cancellation.throwIfCancelled();
            }
            try {
                while (!memory.kilobytes.tryAcquire(taken, LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS)) {
                    cancellation.throwIfCancelled();
                }
            } finally {
                memory.turn.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TernException(ErrorCode.CANCELLED, "interrupted while waiting for memory");
        }
        return () -> memory.kilobytes.release(taken);
    }
}
