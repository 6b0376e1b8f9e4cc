package io.tern.gateway.batches;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lines with pictures in them: one at a time, beside the bodies of requests. Its place is held while it is read and asked,
 * and not while anything else is waited for.
 */
final class LargeLines {
    /** What is not large: as much as a request of text may have. */
    static final int SMALL_BYTES = 1_000_000;

    private static final long LOOK_AROUND_MILLIS = 200;

    private final Semaphore places = new Semaphore(1, true);

    /** Null where it was stopped before there was a place. */
    @Nullable
    Place enter(BooleanSupplier isStopped) throws InterruptedException {
        while (!places.tryAcquire(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS)) {
            if (isStopped.getAsBoolean()) {
                return null;
            }
        }
        return new Place();
    }

    final class Place implements AutoCloseable {
        private final AtomicBoolean left = new AtomicBoolean();

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                places.release();
            }
        }
    }
}
