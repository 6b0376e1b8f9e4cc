package io.tern.serving;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.base.WaitingLine;
import io.tern.base.Work;
import io.tern.jobs.JobRoom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * Lets a bounded number of requests run and a bounded number wait, first come first served; refuses the rest at once, so
 * that what is accepted stays fast. With a longest wait the bound of those that wait adapts to what requests take. A call
 * of many pictures is accepted or refused with its first: the later ones wait in the same line as long as they have to, and
 * count for at most half of those that may wait, so that others still find a place there.
 *
 * <p>Jobs and lines of batches take what requests leave: one of each kind may always run, more of them only while all that
 * runs is less than the shared places, and more of what nobody waits for only while nothing else runs. They wait as long as
 * they have to. All state is guarded by one lock.
 */
public final class Admission implements JobRoom {
    /** A longest wait for where only the number of those that wait is bounded. */
    public static final Duration NO_LIMIT = Duration.ofNanos(Long.MAX_VALUE);

    private final int maxRunning;
    private final int sharedPlaces;
    private final int maxWaiting;
    private final ReentrantLock lock = new ReentrantLock();
    /** By the number of the work. */
    private final List<Queue> queues =
            Arrays.stream(Work.values()).map(Queue::new).toList();

    private final QueueBound bound;

    /** As many places are shared as requests may run. */
    public Admission(int maxRunning, int maxWaiting) {
        this(maxRunning, maxRunning, maxWaiting, NO_LIMIT);
    }

    /**
     * @param maxRunning requests that run at once, whatever else does
     * @param sharedPlaces so many run at once where jobs and lines of batches are among them, but for one of each kind
     * @param longestWait no more are let in to wait than can have their turn within this time
     */
    public Admission(int maxRunning, int sharedPlaces, int maxWaiting, Duration longestWait) {
        this(maxRunning, sharedPlaces, maxWaiting, new QueueBound(longestWait, System::nanoTime));
    }

    Admission(int maxRunning, int sharedPlaces, int maxWaiting, QueueBound bound) {
        if (maxRunning < 1 || sharedPlaces < 1 || maxWaiting < 0) {
            throw new IllegalArgumentException("maxRunning, sharedPlaces, maxWaiting: " + maxRunning + ", "
                    + sharedPlaces + ", " + maxWaiting + " (expected: >= 1, >= 1, >= 0)");
        }
        this.maxRunning = maxRunning;
        this.sharedPlaces = sharedPlaces;
        this.maxWaiting = maxWaiting;
        this.bound = bound;
    }

    /** Of one kind of work. */
    private final class Queue {
        private final Work work;
        private final WaitingLine line = new WaitingLine(lock);
        private int running;
        /** Of the line: those whose call was accepted before. */
        private int accepted;

        Queue(Work work) {
            this.work = work;
        }

        boolean isFull() {
            int most = mostWaiting(work);
            return line.size() - accepted + Math.min(accepted, most / 2) >= most;
        }
    }

    /** Shows requests as {@code tern_requests_running} and {@code _waiting}, jobs as {@code tern_jobs_running} and {@code _held}. */
    public Admission measuredBy(MeterRegistry registry) {
        gauge(registry, "tern.requests.running", Admission::running, "Requests that are worked on");
        gauge(registry, "tern.requests.waiting", Admission::waiting, "Requests that wait for their turn");
        gauge(registry, "tern.requests.waiting.limit", Admission::waitingLimit, "Requests that may wait at present");
        gauge(registry, "tern.jobs.running", Admission::jobsRunning, "Jobs that are worked on");
        gauge(registry, "tern.jobs.held", Admission::jobsWaiting, "Jobs that wait for requests to leave them room");
        return this;
    }

    private void gauge(MeterRegistry registry, String name, ToIntFunction<Admission> value, String description) {
        Gauge.builder(name, this, value::applyAsInt).description(description).register(registry);
    }

    /** The right to run; closing it lets the next one in. */
    public final class Permit implements JobRoom.Place {
        private final Work work;
        private final long since = bound.now();
        private boolean open = true;

        private Permit(Work work) {
            this.work = work;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (open) {
                    open = false;
                    queue(work).running--;
                    if (work == Work.CALL) {
                        bound.ran(since);
                    }
                    wakeFirst();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits for the turn of the call that this thread serves.
     *
     * @throws TernException OVERLOADED if the queue is full; CANCELLED or DEADLINE_EXCEEDED while waiting
     */
    public Permit enter(Cancellation cancellation) {
        return enterCall(CallPriority.current(), cancellation);
    }

    /** The same of a call that says for itself whether somebody waits for it. */
    public Permit enterCall(Priority priority, Cancellation cancellation) {
        return enter(Work.ofCall(priority), cancellation);
    }

    /** Waits for a job's turn; none is ever refused. */
    @Override
    public Permit enter(Priority priority, Cancellation cancellation) {
        return enter(Work.ofJob(priority), cancellation);
    }

    /** For the call that this thread serves, which has its turn many times. */
    public Turns turns() {
        return new Turns(Work.ofCall(CallPriority.current()));
    }

    /** The turns of one call, one after another. Used by one thread. */
    public final class Turns {
        private final Work work;
        private boolean isAccepted;

        private Turns(Work work) {
            this.work = work;
        }

        /**
         * Waits for the next turn.
         *
         * @throws TernException OVERLOADED if the queue is full, and this is the first turn; CANCELLED or DEADLINE_EXCEEDED
         *     while waiting
         */
        public Permit next(Cancellation cancellation) {
            Permit permit = isAccepted ? enterAgain(work, cancellation) : enter(work, cancellation);
            isAccepted = true;
            return permit;
        }
    }

    private Permit enterAgain(Work work, Cancellation cancellation) {
        lock.lock();
        Queue queue = queue(work);
        queue.accepted++;
        try {
            return waitForTurn(work, queue, cancellation);
        } finally {
            queue.accepted--;
            lock.unlock();
        }
    }

    private Permit enter(Work work, Cancellation cancellation) {
        lock.lock();
        try {
            Queue queue = queue(work);
            if ((!queue.line.isEmpty() || !hasRoom(work)) && queue.isFull()) {
                throw new TernException(
                        ErrorCode.OVERLOADED,
                        "queue full: " + queue.line.size() + " requests wait already; ask again later");
            }
            return waitForTurn(work, queue, cancellation);
        } finally {
            lock.unlock();
        }
    }

    private int mostWaiting(Work work) {
        return switch (work) {
            case CALL -> waitingLimit();
            case BATCH_CALL -> maxWaiting;
            case LIVE_JOB, BATCH_JOB -> Integer.MAX_VALUE; // their slots bound them
        };
    }

    private boolean hasRoom(Work work) {
        return switch (work) {
            case CALL -> queue(work).running < maxRunning;
            case LIVE_JOB ->
                queue(work).running == 0 || (isShared() && queue(Work.CALL).line.isEmpty());
            case BATCH_CALL, BATCH_JOB -> queue(work).running == 0 || (isShared() && !isAnybodyWaitedFor());
        };
    }

    private boolean isShared() {
        return queues.stream().mapToInt(queue -> queue.running).sum() < sharedPlaces;
    }

    private boolean isAnybodyWaitedFor() {
        Queue calls = queue(Work.CALL);
        Queue jobs = queue(Work.LIVE_JOB);
        return calls.running + jobs.running > 0 || !calls.line.isEmpty() || !jobs.line.isEmpty();
    }

    private Permit waitForTurn(Work work, Queue queue, Cancellation cancellation) {
        try {
            queue.line.await(() -> hasRoom(work), cancellation);
            queue.running++;
            return new Permit(work);
        } finally {
            wakeFirst();
        }
    }

    /** Those whose turn it is look again for themselves, the first kinds first. */
    private void wakeFirst() {
        queues.stream().filter(queue -> hasRoom(queue.work)).forEach(queue -> queue.line.wakeFirst());
    }

    private Queue queue(Work work) {
        return queues.get(work.ordinal());
    }

    public int running() {
        return sum(Work.CALL, Work.BATCH_CALL, queue -> queue.running);
    }

    public int waiting() {
        return sum(Work.CALL, Work.BATCH_CALL, queue -> queue.line.size());
    }

    public int jobsRunning() {
        return sum(Work.LIVE_JOB, Work.BATCH_JOB, queue -> queue.running);
    }

    public int jobsWaiting() {
        return sum(Work.LIVE_JOB, Work.BATCH_JOB, queue -> queue.line.size());
    }

    private int sum(Work one, Work other, ToIntFunction<Queue> number) {
        lock.lock();
        try {
            return number.applyAsInt(queue(one)) + number.applyAsInt(queue(other));
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
}
