package io.tern.base;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells running work that its caller has gone, by whom it was ended, and when it must have ended. Safe for use by many
 * threads; guarded by its own lock, and callbacks run on the cancelling thread.
 */
public final class Cancellation {
    private static final long NEVER = Long.MAX_VALUE;

    private final Object lock = new Object();
    private final List<Callback> callbacks = new ArrayList<>();
    private final long deadlineNanos;
    private volatile @Nullable TernException reason;

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

    /** The caller has gone. Idempotent; runs each callback once. */
    public void cancel() {
        cancel(new TernException(ErrorCode.CANCELLED, "cancelled by the caller"));
    }

    /** Ends the work for another reason, which it will throw. The first reason stays. */
    public void cancel(TernException because) {
        List<Callback> toRun;
        synchronized (lock) {
            if (reason != null) {
                return;
            }
            reason = because;
            toRun = List.copyOf(callbacks);
            callbacks.clear();
        }
        toRun.forEach(callback -> callback.action.run());
    }

    public boolean isCancelled() {
        return reason != null || isExpired();
    }

    /** Time left until the deadline, negative after it; Long.MAX_VALUE if there is none. */
    public long remainingNanos() {
        return deadlineNanos == NEVER ? Long.MAX_VALUE : deadlineNanos - System.nanoTime();
    }

    /** @throws TernException CANCELLED, DEADLINE_EXCEEDED, or the reason that was given, if the work is to end */
    public void throwIfCancelled() {
        // First the deadline: what it ends is also cancelled, and the caller wants to know which of the two it was.
        if (isExpired()) {
            throw new TernException(ErrorCode.DEADLINE_EXCEEDED, "deadline exceeded");
        }
        TernException because = reason;
        if (because != null) {
            throw new TernException(because.code(), String.valueOf(because.getMessage()), because.field(), because);
        }
    }

    /** Runs the callback on cancel, at once if it has happened; closing the registration forgets it. */
    public Registration onCancel(Runnable action) {
        synchronized (lock) {
            if (reason == null) {
                Callback callback = new Callback(action);
                callbacks.add(callback);
                return callback;
            }
        }
        action.run();
        return () -> {};
    }

    /**
     * Does a part of the work, which must have ended within a time of its own, and ends with the whole too.
     *
     * @param timeoutNanos {@code Long.MAX_VALUE}: no time of its own
     */
    public <T> T within(long timeoutNanos, Function<Cancellation, T> part) {
        long left = Math.min(timeoutNanos, remainingNanos());
        Cancellation own = left == NEVER ? none() : withTimeout(left);
        try (Registration _ = onCancel(() -> own.cancel(Objects.requireNonNull(reason)))) {
            return part.apply(own);
        }
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
