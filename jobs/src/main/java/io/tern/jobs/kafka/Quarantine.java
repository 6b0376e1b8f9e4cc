package io.tern.jobs.kafka;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/**
 * Lets a job that may have killed its last worker run alone in this one, so that it takes no innocent job with it, and
 * attempts are counted against the one that is to blame.
 */
final class Quarantine {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

    /** Held until it is closed, by the thread that entered. */
    @FunctionalInterface
    interface Stay extends AutoCloseable {
        @Override
        void close();
    }

    /** Waits for its turn; empty once the caller gives up. */
    Optional<Stay> enter(boolean alone, BooleanSupplier givesUp) throws InterruptedException {
        Lock mine = alone ? lock.writeLock() : lock.readLock();
        while (!mine.tryLock(100, TimeUnit.MILLISECONDS)) {
            if (givesUp.getAsBoolean()) {
                return Optional.empty();
            }
        }
        return Optional.of(mine::unlock);
    }
}
