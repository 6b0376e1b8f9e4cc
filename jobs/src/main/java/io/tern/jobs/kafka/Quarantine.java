package io.tern.jobs.kafka;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Lets a job that may have killed its last worker run alone in this one, so that it takes no innocent job with it, and
 * attempts are counted against the one that is to blame. While one waits to be alone no other job begins for a while, since
 * a busy worker would never be empty; but not for long, since what runs may run for hours. One lock guards all state.
 */
final class Quarantine {
    private static final long LOOK_AROUND_MILLIS = 100;
    /** So long the door is closed for one that waits to be alone, and ten times as long it is open after that. */
    private static final long CLOSED_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int inside;
    private boolean isOneAlone;
    private int waitingToBeAlone;
    private long closedSince;

    Quarantine() {
        this(System::nanoTime);
    }

    Quarantine(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Held until it is closed. */
    @FunctionalInterface
    interface Stay extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits until nobody is inside.
     *
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED while it waits
     */
    Stay enterAlone(Cancellation cancellation) throws InterruptedException {
        lock.lock();
        try {
            if (waitingToBeAlone == 0) {
                closedSince = nanoTime.getAsLong();
            }
            waitingToBeAlone++;
            try {
                await(() -> inside == 0, cancellation);
            } finally {
                waitingToBeAlone--;
            }
            return stay(true);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until others may enter, for a while at least.
     *
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED while it waits
     */
    void awaitOpen(Cancellation cancellation) throws InterruptedException {
        lock.lock();
        try {
            await(this::isOpen, cancellation);
        } finally {
            lock.unlock();
        }
    }

    /** Beside others; empty where one is alone or waits to be. */
    Optional<Stay> tryEnter() {
        lock.lock();
        try {
            return isOpen() ? Optional.of(stay(false)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void await(BooleanSupplier goal, Cancellation cancellation) throws InterruptedException {
        while (!goal.getAsBoolean()) {
            cancellation.throwIfCancelled();
            changed.await(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isOpen() {
        return !isOneAlone && !isClosed();
    }

    private boolean isClosed() {
        long since = nanoTime.getAsLong() - closedSince;
        return waitingToBeAlone > 0 && since % (11 * CLOSED_NANOS) < CLOSED_NANOS;
    }

    private Stay stay(boolean alone) {
        inside++;
        isOneAlone = alone;
        return this::leave;
    }

    private void leave() {
        lock.lock();
        try {
            inside--;
            if (isOneAlone) {
                closedSince = nanoTime.getAsLong(); // anew for the next
            }
            isOneAlone = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
