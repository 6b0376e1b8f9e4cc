package io.tern.jobs.kafka;

import io.tern.jobs.v1.JobEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events of one job that are still at hand, for any number of readers, each with its own place. A reader that is
 * slower than the bound misses the oldest. Guarded by its own lock.
 */
final class EventLog {
    private static final int MAX_EVENTS = 4_000;
    private static final int MAX_BYTES = 4 << 20;
    /** What an event takes in memory beside its serialized size: objects, and a place in the queue. */
    private static final int OVERHEAD_BYTES = 250;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final ArrayDeque<SequencedEvent> events = new ArrayDeque<>();
    private long bytes;
    private long lastSequence;
    private boolean closed;

    void add(long sequence, JobEvent event) {
        lock.lock();
        try {
            if (closed || sequence <= lastSequence) {
                return;
            }
            lastSequence = sequence;
            events.add(new SequencedEvent(sequence, event));
            bytes += sizeBytes(event);
            while (events.size() > MAX_EVENTS || bytes > MAX_BYTES) {
                bytes -= sizeBytes(events.remove().event());
            }
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static long sizeBytes(JobEvent event) {
        return (long) OVERHEAD_BYTES + event.getSerializedSize();
    }

    /** Nothing will be added any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the events, for want of memory. */
    void clear() {
        lock.lock();
        try {
            events.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** The events after that place; waits for one if it can still come. Empty: not in this time, or never. */
    List<SequencedEvent> after(long sequence, Duration timeout) throws InterruptedException {
        long nanos = timeout.toNanos();
        lock.lock();
        try {
            while (lastSequence <= sequence && !closed && nanos > 0) {
                nanos = added.awaitNanos(nanos);
            }
            return events.stream().filter(event -> event.sequence() > sequence).toList();
        } finally {
            lock.unlock();
        }
    }
}
