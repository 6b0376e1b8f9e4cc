package io.tern.onnx;

import io.tern.base.Cancellation.Registration;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action when a run's deadline comes. Nearly all are taken back first, and thousands of short runs may share one
 * deadline, so the one thread sleeps on to the moment it has in mind: it is woken for an earlier deadline only, never for
 * a later one or because one is gone. Guarded by its own lock; the thread starts with the first deadline.
 */
final class DeadlineWatch implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private @Nullable Thread thread;
    private long wakeAtNanos;
    private boolean sleepingWithoutEnd;
    private boolean closed;

    /** @param remainingNanos until then; the action is short and may run at once */
    Registration after(long remainingNanos, Runnable action) {
        Entry entry = new Entry(System.nanoTime() + remainingNanos, action);
        lock.lock();
        try {
            entries.add(entry);
            if (thread == null) {
                thread = Thread.ofPlatform().daemon().name("onnx-deadlines").start(this::watch);
            } else if (sleepingWithoutEnd || entry.atNanos - wakeAtNanos < 0) {
                earlier.signal();
            }
        } finally {
            lock.unlock();
        }
        return () -> forget(entry);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            earlier.signal();
        } finally {
            lock.unlock();
        }
    }

    private void forget(Entry entry) {
        lock.lock();
        try {
            entries.remove(entry);
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        while (true) {
            try {
                Entry due = next();
                if (due == null) {
                    return;
                }
                due.action.run();
            } catch (RuntimeException | Error e) { // an action that is broken; the other deadlines still hold
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, e);
            }
        }
    }

    /** The next entry whose time has come; null after close. */
    private @Nullable Entry next() {
        lock.lock();
        try {
            while (!closed) {
                Entry first = entries.peek();
                sleepingWithoutEnd = first == null;
                if (first == null) {
                    earlier.await();
                } else {
                    long remainingNanos = first.atNanos - System.nanoTime();
                    if (remainingNanos <= 0) {
                        return entries.poll();
                    }
                    wakeAtNanos = first.atNanos;
                    var _ = earlier.awaitNanos(remainingNanos);
                }
            }
            return null;
        } catch (InterruptedException e) {
            return null; // nobody has a reason to interrupt it; without it deadlines are still seen between runs
        } finally {
            lock.unlock();
        }
    }

    /** Compared by identity for removal, by time for order. */
    private static final class Entry implements Comparable<Entry> {
        private final long atNanos;
        private final Runnable action;

        Entry(long atNanos, Runnable action) {
            this.atNanos = atNanos;
            this.action = action;
        }

        @Override
        public int compareTo(Entry other) {
            return Long.signum(atNanos - other.atNanos); // nanoTime may wrap, a difference does not
        }
    }
}
