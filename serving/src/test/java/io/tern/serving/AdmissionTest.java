package io.tern.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AdmissionTest {
    @Test
    void neverLetsMoreRunThanItsBound() throws Exception {
        Admission admission = new Admission(3, 1000);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                awaitQuietly(start);
                try (Admission.Permit _ = admission.enter(Cancellation.none())) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.yield();
                    inside.decrementAndGet();
                }
            }));
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(admission.running()).isZero();
        assertThat(admission.waiting()).isZero();
    }

    @Test
    void refusesAtOnceWhenItsQueueIsFull() throws Exception {
        Admission admission = new Admission(1, 1);
        Admission.Permit first = admission.enter(Cancellation.none());
        Thread waiting = Thread.ofVirtual()
                .start(() -> admission.enter(Cancellation.none()).close());
        awaitWaiting(admission, 1);
        assertThatThrownBy(() -> admission.enter(Cancellation.none()))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
        first.close();
        waiting.join();
        assertThat(admission.running()).isZero();
    }

    @Test
    void servesInOrderOfArrival() throws Exception {
        Admission admission = new Admission(1, 100);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        Admission.Permit first = admission.enter(Cancellation.none());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try (Admission.Permit _ = admission.enter(Cancellation.none())) {
                    order.add(number);
                }
            }));
            awaitWaiting(admission, i + 1);
        }
        first.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).isSorted().hasSize(20);
    }

    @Test
    void aWaiterThatLeavesFreesItsPlace() throws Exception {
        Admission admission = new Admission(1, 1);
        Admission.Permit first = admission.enter(Cancellation.none());
        Cancellation leaving = new Cancellation();
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                admission.enter(leaving).close();
            } catch (TernException e) {
                thrown.add(e);
            }
        });
        awaitWaiting(admission, 1);
        leaving.cancel();
        waiting.join();
        assertThat(thrown).hasSize(1);
        assertThat(admission.waiting()).isZero();
        first.close();
        admission.enter(Cancellation.none()).close();
    }

    @Test
    void closingAPermitTwiceFreesOnePlace() {
        Admission admission = new Admission(2, 0);
        Admission.Permit first = admission.enter(Cancellation.none());
        Admission.Permit second = admission.enter(Cancellation.none());
        first.close();
        first.close();
        assertThat(admission.running()).isEqualTo(1);
        second.close();
    }

    private static void awaitWaiting(Admission admission, int count) {
        while (admission.waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
