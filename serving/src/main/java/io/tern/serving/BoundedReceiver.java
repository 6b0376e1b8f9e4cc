package io.tern.serving;

import io.grpc.stub.StreamObserver;
import io.tern.base.Cancellation;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's messages for code in reading order. One waits here and the rest is held up in the transport, by asking for
 * the next only when the last was taken; or, for clients that cannot wait, all are taken and only the newest is kept.
 * The transport's thread puts, one other thread takes; guarded by a lock.
 *
 * @param <Q> message
 */
public final class BoundedReceiver<Q> implements StreamObserver<Q> {
    private final IntConsumer request;
    private final Cancellation cancellation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Q waiting;
    private boolean ended;
    private boolean newestOnly;
    private long arrived;
    private long taken;

    /** @param request asks the transport for so many messages more */
    BoundedReceiver(IntConsumer request, Cancellation cancellation) {
        this.request = request;
        this.cancellation = cancellation;
        cancellation.onCancel(this::wakeUp);
        request.accept(1);
    }

    /**
     * Waits for the next message.
     *
     * @return null if the client has sent its last one
     * @throws io.tern.base.TernException CANCELLED or DEADLINE_EXCEEDED
     */
    public @Nullable Q receive() {
        lock.lock();
        try {
            while (waiting == null && !ended && !cancellation.isCancelled()) {
                changed.awaitUninterruptibly();
            }
            cancellation.throwIfCancelled();
            Q message = waiting;
            waiting = null;
            taken = arrived;
            if (message != null && !newestOnly) {
                request.accept(1);
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    /** From now on the client is not held up: of the messages that wait only the newest stays. */
    public void keepNewest() {
        lock.lock();
        try {
            if (!newestOnly && waiting != null) {
                request.accept(1);
            }
            newestOnly = true;
        } finally {
            lock.unlock();
        }
    }

    /** Place of the message that was received last among all that the client has sent, from 0. */
    public long index() {
        lock.lock();
        try {
            return taken - 1;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onNext(Q message) {
        lock.lock();
        try {
            waiting = message;
            arrived++;
            changed.signalAll();
            if (newestOnly) {
                request.accept(1);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The client has gone. */
    @Override
    public void onError(Throwable error) {
        cancellation.cancel();
    }

    @Override
    public void onCompleted() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wakeUp() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
