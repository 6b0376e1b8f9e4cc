package io.tern.gateway.batches;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** So many lines at once, in the order of their coming: those of several batches take turns. Safe for use by many threads. */
final class Turns {
    private static final long LOOK_AROUND_MILLIS = 100;

    /** Guarded by this, as is the queue. */
    private int free;

    private final Deque<CountDownLatch> waiting = new ArrayDeque<>();

    Turns(int atOnce) {
        this.free = atOnce;
    }

    /** @return false if the reins were pulled before it was its turn; else {@link #leave} ends it */
    boolean enter(Reins reins) throws InterruptedException {
        CountDownLatch turn = new CountDownLatch(1);
        synchronized (this) {
            waiting.add(turn);
            admit();
        }
        while (!turn.await(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS)) {
            if (reins.isPulled() && withdraw(turn)) {
                return false;
            }
        }
        return true;
    }

    synchronized void leave() {
        free++;
        admit();
    }

    private synchronized boolean withdraw(CountDownLatch turn) {
        return waiting.remove(turn);
    }

    private synchronized void admit() {
        while (free > 0 && !waiting.isEmpty()) {
            free--;
            waiting.remove().countDown();
        }
    }
}
