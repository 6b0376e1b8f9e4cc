package io.tern.base;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Those that wait for one thing, in the order of coming. What they wait for belongs to the owner of the line, and so does the
 * lock that guards both: it is held by whoever calls a method.
 */
public final class WaitingLine {
    private final ReentrantLock lock;
    private final Deque<Waiter> waiters = new ArrayDeque<>();

    public WaitingLine(ReentrantLock lock) {
        this.lock = lock;
    }

    public boolean isEmpty() {
        return waiters.isEmpty();
    }

    public int size() {
        return waiters.size();
    }

    /**
     * Returns once the caller is the first of the line and may go. An interrupt ends no wait and stays known.
     *
     * @param mayGo asked of the first only: when it comes, and after each {@link #wakeFirst}. It may give up the lock for a
     *     while: whoever is woken meanwhile asks again
     * @throws TernException CANCELLED, DEADLINE_EXCEEDED, or the reason that was given
     */
    public void await(BooleanSupplier mayGo, Cancellation cancellation) {
        Waiter own = new Waiter();
        waiters.addLast(own);
        try (Cancellation.Registration _ = cancellation.onCancel(() -> wake(own))) {
            cancellation.throwIfCancelled();
            while (waiters.peekFirst() != own || !mayGo.getAsBoolean()) {
                own.await(cancellation.remainingNanos());
                cancellation.throwIfCancelled();
            }
        } finally {
            waiters.remove(own);
            wakeFirst();
        }
    }

    /** To be called when what is waited for may be there. */
    public void wakeFirst() {
        Waiter first = waiters.peekFirst();
        if (first != null) {
            first.wake();
        }
    }

    private void wake(Waiter waiter) {
        lock.lock();
        try {
            waiter.wake();
        } finally {
            lock.unlock();
        }
    }

    private final class Waiter {
        private final Condition turn = lock.newCondition();
        private boolean isWoken;

        void wake() {
            isWoken = true;
            turn.signal();
        }

        void await(long nanos) {
            long left = nanos;
            boolean isInterrupted = false;
            while (!isWoken && left > 0) {
                long since = System.nanoTime();
                try {
                    turn.awaitNanos(left);
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
                left -= System.nanoTime() - since;
            }
            isWoken = false;
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
