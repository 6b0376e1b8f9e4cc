package io.tern.jobs.kafka;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.tern.base.Cancellation;
import java.time.Duration;

/** Why a run may have to end early: its job's time is over, its worker shuts down, or its work is no longer wanted. */
final class RunControl {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Cancellation cancellation;
    private volatile boolean givingBack;

    RunControl(Timestamp expiresAt) {
        // Wall time is only asked for here: a clock that is set while the job runs does not end it.
        long millisLeft = Timestamps.toMillis(expiresAt) - System.currentTimeMillis();
        this.cancellation = Cancellation.withTimeout(
                Duration.ofMillis(Math.max(0, millisLeft)).toNanos());
    }

    /** What the handler is given. */
    Cancellation cancellation() {
        return cancellation;
    }

    boolean isExpired() {
        return cancellation.remainingNanos() <= 0;
    }

    boolean isGivingBack() {
        return givingBack;
    }

    /** Sleeps so long, or until the run has to end. */
    void pause(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0 && !cancellation.isCancelled()) {
            Thread.sleep(Math.min(LOOK.toMillis(), time.toMillis()));
        }
    }

    /** Another worker is to do the job. */
    void giveBack() {
        givingBack = true;
        cancellation.cancel();
    }

    /** Nobody wants the work. Called on expiry, too, because a cancellation runs no callbacks by itself. */
    void stop() {
        cancellation.cancel();
    }
}
