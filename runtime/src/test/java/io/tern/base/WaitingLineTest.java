package io.tern.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A counter of free places and the line for them. */
@Timeout(60)
class WaitingLineTest {
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitingLine line = new WaitingLine(lock);
    private final List<String> gone = Collections.synchronizedList(new ArrayList<>());
    private final Cancellation atTheEnd = new Cancellation();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private int free;

    @AfterEach
    void close() {
        atTheEnd.cancel();
        threads.close();
    }

    @Test
    void eachGoesInTheOrderOfComing() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            all.add(comes(name, atTheEnd));
        }
        place(1);
        all.get(0).get();
        assertThat(gone).containsExactly("a");
        place(3);
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(gone).containsExactly("a", "b", "c", "d");
        assertThat(size()).isZero();
    }

    @Test
    void whoLeavesLetsTheNextLook() throws Exception {
        AtomicBoolean mayGo = new AtomicBoolean();
        Cancellation first = new Cancellation();
        Future<?> never = threads.submit(() -> locked(() -> line.await(() -> false, first)));
        awaitSize(1);
        Future<?> next = threads.submit(() -> locked(() -> line.await(mayGo::get, atTheEnd)));
        awaitSize(2);
        mayGo.set(true);
        first.cancel();
        assertEnds(never, ErrorCode.CANCELLED);
        next.get();
    }

    @Test
    void whoIsOutOfTimeOrHasLeftBeforeTakesNothing() {
        place(1);
        Cancellation gone = new Cancellation();
        gone.cancel();
        assertThatThrownBy(() -> takes("gone", gone)).isInstanceOf(TernException.class);
        place(-1);
        assertThatThrownBy(() -> takes("late", Cancellation.withTimeout(1_000_000)))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        assertThat(size()).isZero();
    }

    /** As where memory is looked for under other locks. */
    @Test
    void aWakeIsNotLostWhileTheFirstLooksWithoutTheLock() throws Exception {
        AtomicBoolean there = new AtomicBoolean();
        Future<?> waiter = threads.submit(() -> locked(() -> line.await(
                () -> {
                    boolean seen = there.get();
                    lock.unlock();
                    try {
                        there.set(true);
                        locked(line::wakeFirst);
                    } finally {
                        lock.lock();
                    }
                    return seen;
                },
                atTheEnd)));
        waiter.get();
    }

    @Test
    void anInterruptEndsNoWaitAndStaysKnown() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread waiter = Thread.ofVirtual().start(() -> {
            takes("patient", atTheEnd);
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        awaitSize(1);
        waiter.interrupt();
        place(1);
        waiter.join();
        assertThat(gone).containsExactly("patient");
        assertThat(interrupted).isTrue();
    }

    /** In line when it returns. */
    private Future<?> comes(String name, Cancellation cancellation) {
        int before = size();
        Future<?> coming = threads.submit(() -> takes(name, cancellation));
        awaitSize(before + 1);
        return coming;
    }

    private void takes(String name, Cancellation cancellation) {
        locked(() -> {
            line.await(() -> free > 0, cancellation);
            free--;
            gone.add(name);
        });
    }

    private void place(int more) {
        locked(() -> {
            free += more;
            line.wakeFirst();
        });
    }

    private int size() {
        lock.lock();
        try {
            return line.size();
        } finally {
            lock.unlock();
        }
    }

    private void awaitSize(int size) {
        while (size() != size) {
            Thread.onSpinWait();
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private static void assertEnds(Future<?> call, ErrorCode code) {
        assertThatThrownBy(call::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
