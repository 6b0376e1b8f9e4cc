package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A caller that waits at the {@link StepScheduler}, under whose lock it changes. */
final class Turn {
    private final Forward forward;
    private final Cancellation cancellation;
    private final CountDownLatch end = new CountDownLatch(1);
    // Written before the latch opens, read after.
    private @Nullable Throwable failure;
    private volatile boolean leaving;

    Turn(Forward forward, Cancellation cancellation) {
        this.forward = forward;
        this.cancellation = cancellation;
    }

    Forward forward() {
        return forward;
    }

    boolean isLive() {
        return forward.cache().priority() == Priority.LIVE;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    void leaving() {
        leaving = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** The first end stays. */
    void end(@Nullable Throwable because) {
        if (end.getCount() > 0) {
            failure = because;
            end.countDown();
        }
    }

    /** Whether it ended within this time. */
    boolean awaitEnd(long timeoutNanos) throws InterruptedException {
        return end.await(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    /** However long it takes: a run uses memory that the caller frees when it returns. */
    void join() {
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
        switch (failure) {
            case null -> throwIfLeft();
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure); // a run throws nothing checked
        }
    }

    private void throwIfLeft() {
        if (leaving && forward.left() > 0) {
            cancellation.throwIfCancelled();
            throw new TernException(ErrorCode.CANCELLED, "interrupted while waiting for its turn");
        }
    }
}
