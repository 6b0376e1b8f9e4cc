package io.tern.serving;

import io.grpc.stub.ServerCallStreamObserver;
import io.tern.base.Cancellation;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Sends while the transport takes messages and waits otherwise, so that a slow reader holds no memory of ours. */
final class BoundedSender<T> implements Consumer<T> {
    private final ServerCallStreamObserver<T> call;
    private final Cancellation cancellation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    BoundedSender(ServerCallStreamObserver<T> call, Cancellation cancellation) {
        this.call = call;
        this.cancellation = cancellation;
        cancellation.onCancel(this::wakeUp);
    }

    @Override
    public void accept(T message) {
        lock.lock();
        try {
            while (!call.isReady() && !cancellation.isCancelled()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        cancellation.throwIfCancelled();
        call.onNext(message);
    }

    void wakeUp() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
