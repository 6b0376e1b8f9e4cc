package io.tern.base;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells running work that its caller has gone, by whom it was ended, and when it must have ended. Safe for use by many
 * threads; guarded by its own lock, and callbacks run on the cancelling thread.
 */
public final class Cancellation {
    private static final long NEVER = Long.MAX_VALUE;

    private final Object lock = new Object();
    private final List<Callback> callbacks = new ArrayList<>();
    private final long deadlineNanos;
    private volatile boolean cancelled;

    public Cancellation() {
        this(NEVER);
    }

    private Cancellation(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** Ends by itself after so many nanoseconds of {@link System#nanoTime}: checked when asked, no timer runs. */
    public static Cancellation withTimeout(long timeoutNanos) {
        return new Cancellation(System.nanoTime() + timeoutNanos);
    }

    /** For work that nobody ends. A new object each time, so that nothing is shared. */
    public static Cancellation none() {
        return new Cancellation();
    }

    /** Idempotent; runs each callback once. */
    public void cancel() {
        List<Callback> toRun;
        synchronized (lock) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            toRun = List.copyOf(callbacks);
            callbacks.clear();
        }
        toRun.forEach(callback -> callback.action.run());
    }

    public boolean isCancelled() {
        return cancelled || isExpired();
    }

    /** Time left until the deadline, negative after it; Long.MAX_VALUE if there is none. */
    public long remainingNanos() {
        return deadlineNanos == NEVER ? Long.MAX_VALUE : deadlineNanos - System.nanoTime();
    }

    /** @throws TernException CANCELLED or DEADLINE_EXCEEDED if the work is to end */
    public void throwIfCancelled() {
        // First the deadline: what it ends is also cancelled, and the caller wants to know which of the two it was.
        if (isExpired()) {
            throw new TernException(ErrorCode.DEADLINE_EXCEEDED, "deadline exceeded");
        }
        if (cancelled) {
            throw new TernException(ErrorCode.CANCELLED, "cancelled by the caller");
        }
    }

    /** Runs the callback on cancel, at once if it has happened; closing the registration forgets it. */
    public Registration onCancel(Runnable action) {
        synchronized (lock) {
            if (!cancelled) {
                Callback callback = new Callback(action);
                callbacks.add(callback);
                return callback;
            }
        }
        action.run();
        return () -> {};
    }

    private boolean isExpired() {
        return deadlineNanos != NEVER && System.nanoTime() - deadlineNanos >= 0;
    }

    /** A callback's place; closing it never throws. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Its own place, though one action may be registered twice. */
    private final class Callback implements Registration {
        private final Runnable action;

        Callback(Runnable action) {
            this.action = action;
        }

        @Override
        public void close() {
            synchronized (lock) {
                callbacks.remove(this);
            }
        }
    }
}
