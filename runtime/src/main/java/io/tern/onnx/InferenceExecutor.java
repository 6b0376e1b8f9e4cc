package io.tern.onnx;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import java.util.Comparator;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The few platform threads on which sessions run, while the callers' virtual threads wait. What somebody waits for has its
 * turn before other work, else first come, first served; a bounded number may wait. Safe for many threads.
 */
public final class InferenceExecutor implements AutoCloseable {
    private final int maxWaiting;
    private final Semaphore places;
    private final AtomicLong numbers = new AtomicLong();
    private final ThreadPoolExecutor threads;

    /**
     * @param threads how many runs at a time
     * @param maxWaiting how many more calls may wait for a thread, 0 or more
     */
    public InferenceExecutor(int threads, int maxWaiting) {
        if (threads < 1 || maxWaiting < 0) {
            throw new IllegalArgumentException(
                    "threads, maxWaiting: " + threads + ", " + maxWaiting + " (expected: >= 1, >= 0)");
        }
        this.maxWaiting = maxWaiting;
        // The places are counted here and not by the queue, where a call rests for a moment even if a thread is idle.
        this.places = new Semaphore(Math.addExact(threads, maxWaiting));
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new PriorityBlockingQueue<>(
                        11, Comparator.comparing(task -> (InferenceTask<?>) task, InferenceTask.ORDER)),
                Thread.ofPlatform().daemon().name("inference-", 0).factory());
    }

    /**
     * Does the work on one of the threads and waits for it. A caller that is cancelled, interrupted or out of time leaves
     * the queue at once; work that has begun is always waited for, as it uses the caller's memory, and has to follow the
     * cancellation itself.
     *
     * @throws TernException OVERLOADED if too many wait, UNAVAILABLE after close, CANCELLED or DEADLINE_EXCEEDED if its
     *     turn did not come in time, and whatever the work throws
     */
    public <T extends @Nullable Object> T run(Supplier<T> work, Cancellation cancellation) {
        return run(work, Priority.LIVE, cancellation);
    }

    /** The same with another priority. */
    public <T extends @Nullable Object> T run(Supplier<T> work, Priority priority, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        if (!places.tryAcquire()) {
            throw new TernException(
                    ErrorCode.OVERLOADED, "inference queue: full (expected: at most " + maxWaiting + " waiting)");
        }
        InferenceTask<T> task = new InferenceTask<>(work, priority, numbers.getAndIncrement(), places::release);
        try {
            threads.execute(task);
        } catch (RejectedExecutionException closed) {
            places.release();
            throw new TernException(ErrorCode.UNAVAILABLE, "inference: shutting down");
        }
        try (var _ = cancellation.onCancel(() -> leaveQueue(task))) {
            return await(task, cancellation);
        }
    }

    /** {@link #run(Supplier, Cancellation)} for work without a result. */
    public void run(Runnable work, Cancellation cancellation) {
        this.<@Nullable Object>run(
                () -> {
                    work.run();
                    return null;
                },
                cancellation);
    }

    /** How many calls have a thread now. */
    public int running() {
        return threads.getActiveCount();
    }

    /** How many calls wait for a thread now. */
    public int waiting() {
        return threads.getQueue().size();
    }

    /** Takes no more work, and waits until all that was taken is done. */
    @Override
    public void close() {
        threads.close();
    }

    private <T extends @Nullable Object> T await(InferenceTask<T> task, Cancellation cancellation) {
        try {
            if (!task.awaitEnd(cancellation.remainingNanos())) {
                leaveQueue(task);
            }
        } catch (InterruptedException e) {
            leaveQueue(task);
            Thread.currentThread().interrupt();
        }
        if (task.left()) {
            cancellation.throwIfCancelled();
            throw new TernException(ErrorCode.CANCELLED, "interrupted while waiting for its turn");
        }
        return task.awaitResult();
    }

    private void leaveQueue(InferenceTask<?> task) {
        if (task.leave()) {
            threads.remove(task);
        }
    }
}
