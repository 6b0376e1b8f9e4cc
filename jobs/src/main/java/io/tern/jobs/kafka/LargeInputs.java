package io.tern.jobs.kafka;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what requests that were too large for Kafka take of a worker's memory, for each priority by itself: several
 * together, or one however large it is. The others wait.
 */
final class LargeInputs {
    private static final int MOST_KILOBYTES = 32 << 10;
    private static final long LOOK_AROUND_MILLIS = 500;

    /** Of kilobytes, by the number of the priority. */
    private final List<Semaphore> free = Arrays.stream(Priority.values())
            .map(_ -> new Semaphore(MOST_KILOBYTES, true))
            .toList();

    /** Held until it is closed. */
    @FunctionalInterface
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws TernException CANCELLED or DEADLINE_EXCEEDED while it waits */
    Place enter(Priority priority, long bytes, Cancellation cancellation) {
        Semaphore kilobytes = free.get(priority.ordinal());
        int taken = (int) Math.clamp(bytes >> 10, 1, MOST_KILOBYTES);
        try {
            while (!kilobytes.tryAcquire(taken, LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS)) {
                cancellation.throwIfCancelled();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TernException(ErrorCode.CANCELLED, "interrupted while waiting for memory");
        }
        return () -> kilobytes.release(taken);
    }
}
