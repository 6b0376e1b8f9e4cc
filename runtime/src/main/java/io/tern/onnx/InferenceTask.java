package io.tern.onnx;

import io.tern.base.Priority;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call of an {@link InferenceExecutor}: waits until a thread starts it or its caller takes it back, not both. */
final class InferenceTask<T extends @Nullable Object> implements Runnable {
    /** The order of turns; of two tasks none is equal. */
    static final Comparator<InferenceTask<?>> ORDER = Comparator.<InferenceTask<?>, Priority>comparing(
                    task -> task.priority)
            .thenComparingLong(task -> task.number);

    private final Supplier<T> work;
    private final Priority priority;
    private final long number;
    private final Runnable releasePlace;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch end = new CountDownLatch(1);
    // Written before the latch opens, read after.
    private @Nullable T result;
    private @Nullable Throwable failure;

    /** @param number of the call, in the order of their arrival */
    InferenceTask(Supplier<T> work, Priority priority, long number, Runnable releasePlace) {
        this.work = work;
        this.priority = priority;
        this.number = number;
        this.releasePlace = releasePlace;
    }

    @Override
    public void run() {
        if (!state.compareAndSet(State.WAITING, State.STARTED)) {
            return;
        }
        try {
            result = work.get();
        } catch (Throwable e) { // the caller's to handle: it is thrown there
            failure = e;
        }
        finish();
    }

    /** Whether it was still waiting, and now will never start. */
    boolean leave() {
        if (!state.compareAndSet(State.WAITING, State.LEFT)) {
            return false;
        }
        finish();
        return true;
    }

    boolean left() {
        return state.get() == State.LEFT;
    }

    /** Whether it is over, one way or the other, within this time. */
    boolean awaitEnd(long timeoutNanos) throws InterruptedException {
        return end.await(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    /** However long it takes: the work uses memory which the caller frees when it returns. */
    @SuppressWarnings("NullAway") // T itself says whether null is a result
    T awaitResult() {
        boolean interrupted = false;
        while (true) {
            try {
                end.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return switch (failure) {
            case null -> result;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure); // a Supplier throws nothing checked
        };
    }

    /** The place first: a caller who calls again at once must find it. */
    private void finish() {
        releasePlace.run();
        end.countDown();
    }

    private enum State {
        WAITING,
        STARTED,
        LEFT
    }
}
