package io.tern.serving;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a bounded number of requests run and a bounded number wait, first come first served; refuses the rest at once, so
 * that what is accepted stays fast. With a longest wait the bound of those that wait adapts to what requests take. All
 * state is guarded by one lock.
 */
public final class Admission {
    private final int maxRunning;
    private final int maxWaiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Condition> waiting = new ArrayDeque<>();
    private final QueueBound bound;
    private int running;

    public Admission(int maxRunning, int maxWaiting) {
        this(maxRunning, maxWaiting, Duration.ofNanos(Long.MAX_VALUE));
    }

    /** @param longestWait no more are let in to wait than can have their turn within this time */
    public Admission(int maxRunning, int maxWaiting, Duration longestWait) {
        this(maxRunning, maxWaiting, new QueueBound(longestWait, System::nanoTime));
    }

    Admission(int maxRunning, int maxWaiting, QueueBound bound) {
        if (maxRunning < 1 || maxWaiting < 0) {
            throw new IllegalArgumentException("maxRunning, maxWaiting: " + maxRunning + ", " + maxWaiting
                    + " (expected: maxRunning >= 1, maxWaiting >= 0)");
        }
        this.maxRunning = maxRunning;
        this.maxWaiting = maxWaiting;
        this.bound = bound;
    }

    /** Shows both numbers as {@code tern_requests_running} and {@code tern_requests_waiting}. */
    public Admission measuredBy(MeterRegistry registry) {
        Gauge.builder("tern.requests.running", this, Admission::running)
                .description("Requests that are worked on")
                .register(registry);
        Gauge.builder("tern.requests.waiting", this, Admission::waiting)
                .description("Requests that wait for their turn")
                .register(registry);
        Gauge.builder("tern.requests.waiting.limit", this, Admission::waitingLimit)
                .description("Requests that may wait at present")
                .register(registry);
        return this;
    }

    /** The right to run; closing it lets the next one in. */
    public final class Permit implements AutoCloseable {
        private final long since = bound.now();
        private boolean open = true;

        @Override
        public void close() {
            lock.lock();
            try {
                if (open) {
                    open = false;
                    running--;
                    bound.ran(since);
                    wakeFirst();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits for its turn.
     *
     * @throws TernException OVERLOADED if the queue is full; CANCELLED or DEADLINE_EXCEEDED while waiting
     */
    public Permit enter(Cancellation cancellation) {
        lock.lock();
        try {
            if (running < maxRunning && waiting.isEmpty()) {
                running++;
                return new Permit();
            }
            if (waiting.size() >= bound.most(maxRunning, maxWaiting)) {
                throw new TernException(
                        ErrorCode.OVERLOADED,
                        "queue full: " + waiting.size() + " requests wait already; ask again later");
            }
            return waitForTurn(cancellation);
        } finally {
            lock.unlock();
        }
    }

    private Permit waitForTurn(Cancellation cancellation) {
        Condition turn = lock.newCondition();
        waiting.addLast(turn);
        try (Cancellation.Registration _ = cancellation.onCancel(() -> signal(turn))) {
            while (running >= maxRunning || waiting.peekFirst() != turn) {
                cancellation.throwIfCancelled();
                turn.awaitUninterruptibly();
            }
            cancellation.throwIfCancelled();
            running++;
            return new Permit();
        } finally {
            waiting.remove(turn);
            wakeFirst();
        }
    }

    private void signal(Condition turn) {
        lock.lock();
        try {
            turn.signal();
        } finally {
            lock.unlock();
        }
    }

    private void wakeFirst() {
        Condition first = waiting.peekFirst();
        if (first != null && running < maxRunning) {
            first.signal();
        }
    }

    public int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    public int waitingLimit() {
        lock.lock();
        try {
            return bound.most(maxRunning, maxWaiting);
        } finally {
            lock.unlock();
        }
    }

    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
