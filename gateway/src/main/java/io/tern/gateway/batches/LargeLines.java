package io.tern.gateway.batches;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lines with pictures in them: one in the memory of this process at a time, beside the bodies of requests. */
final class LargeLines {
    /** What is not large: as much as a request of text may have. */
    static final int SMALL_BYTES = 1_000_000;

    private final Semaphore places = new Semaphore(1, true);

    Place enter() {
        places.acquireUninterruptibly();
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
