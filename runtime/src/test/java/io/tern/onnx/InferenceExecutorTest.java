package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InferenceExecutorTest {
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void runsOnAPlatformThreadOfItsOwnAndGivesTheResultBack() throws InterruptedException {
        try (InferenceExecutor executor = new InferenceExecutor(1, 0)) {
            String[] name = new String[1];
            Thread.ofVirtual()
                    .start(() ->
                            name[0] = executor.run(() -> Thread.currentThread().getName(), Cancellation.none()))
                    .join();
            assertThat(name[0]).isEqualTo("inference-0");
        }
    }

    @Test
    void throwsToTheCallerWhatTheWorkThrew() {
        try (InferenceExecutor executor = new InferenceExecutor(1, 0)) {
            RuntimeException failure = new IllegalArgumentException("odd");
            assertThatThrownBy(() -> executor.run(
                            () -> {
                                throw failure;
                            },
                            Cancellation.none()))
                    .isSameAs(failure);
            assertThatThrownBy(() -> executor.run(
                            () -> {
                                throw new StackOverflowError();
                            },
                            Cancellation.none()))
                    .isInstanceOf(StackOverflowError.class);
            assertThat(executor.run(() -> 7, Cancellation.none()))
                    .as("the thread lives on")
                    .isEqualTo(7);
        }
    }

    @Test
    void servesWhatSomebodyWaitsForBeforeOtherWork() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = new ArrayList<>();
        try (InferenceExecutor executor = new InferenceExecutor(1, 20)) {
            callers.add(occupy(executor));
            List<String> names = List.of("batch 1", "live 1", "batch 2", "live 2");
            for (String name : names) {
                Priority priority = name.startsWith("live") ? Priority.LIVE : Priority.BATCH;
                callers.add(Thread.ofVirtual()
                        .start(() -> executor.<Boolean>run(() -> order.add(name), priority, Cancellation.none())));
                awaitWaiting(executor, callers.size() - 1);
            }
            gate.countDown();
            callers.forEach(InferenceExecutorTest::join);
        }
        assertThat(order).containsExactly("live 1", "live 2", "batch 1", "batch 2");
    }

    @Test
    void servesInTheOrderOfArrival() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = new ArrayList<>();
        try (InferenceExecutor executor = new InferenceExecutor(1, 20)) {
            callers.add(occupy(executor));
            for (int index = 0; index < 20; index++) {
                int number = index;
                callers.add(Thread.ofVirtual().start(() -> executor.run(() -> order.add(number), Cancellation.none())));
                awaitWaiting(executor, index + 1);
            }
            gate.countDown();
            callers.forEach(InferenceExecutorTest::join);
        }
        assertThat(order).hasSize(20).isSorted();
    }

    @Test
    void refusesMoreThanMayWait() {
        try (InferenceExecutor executor = new InferenceExecutor(1, 2)) {
            List<Thread> callers = new ArrayList<>();
            callers.add(occupy(executor));
            for (int waiting = 1; waiting <= 2; waiting++) {
                callers.add(Thread.ofVirtual().start(() -> executor.run(() -> {}, Cancellation.none())));
                awaitWaiting(executor, waiting);
            }
            assertCode(() -> executor.run(() -> {}, Cancellation.none()), ErrorCode.OVERLOADED);
            gate.countDown();
            callers.forEach(InferenceExecutorTest::join);
            executor.run(() -> {}, Cancellation.none());
        }
    }

    @Test
    void givesEachIdleThreadAPlaceEvenIfNobodyMayWait() {
        AtomicInteger done = new AtomicInteger();
        try (InferenceExecutor executor = new InferenceExecutor(2, 0)) {
            for (int round = 0; round < 2000; round++) {
                Thread other =
                        Thread.ofVirtual().start(() -> executor.run(() -> done.incrementAndGet(), Cancellation.none()));
                executor.run(() -> done.incrementAndGet(), Cancellation.none());
                join(other);
            }
        }
        assertThat(done).hasValue(4000);
    }

    @Test
    void aCancelledCallerLeavesTheQueueAndItsPlace() {
        try (InferenceExecutor executor = new InferenceExecutor(1, 1)) {
            Thread occupant = occupy(executor);
            Cancellation cancellation = new Cancellation();
            AtomicInteger begun = new AtomicInteger();
            ErrorCode[] code = new ErrorCode[1];
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    executor.run(() -> begun.incrementAndGet(), cancellation);
                } catch (TernException e) {
                    code[0] = e.code();
                }
            });
            awaitWaiting(executor, 1);
            cancellation.cancel();
            join(caller);
            assertThat(code[0]).isEqualTo(ErrorCode.CANCELLED);
            assertThat(executor.waiting()).isZero();

            Cancellation brief = Cancellation.withTimeout(5_000_000);
            assertCode(() -> executor.run(() -> begun.incrementAndGet(), brief), ErrorCode.DEADLINE_EXCEEDED);
            gate.countDown();
            join(occupant);
            assertThat(begun).hasValue(0);
        }
    }

    @Test
    void anInterruptedCallerLeavesTheQueue() {
        try (InferenceExecutor executor = new InferenceExecutor(1, 1)) {
            Thread occupant = occupy(executor);
            boolean[] interrupted = new boolean[1];
            Thread caller = Thread.ofVirtual().start(() -> {
                assertCode(() -> executor.run(() -> {}, Cancellation.none()), ErrorCode.CANCELLED);
                interrupted[0] = Thread.currentThread().isInterrupted();
            });
            awaitWaiting(executor, 1);
            caller.interrupt();
            join(caller);
            assertThat(interrupted[0]).isTrue();
            assertThat(executor.waiting()).isZero();
            gate.countDown();
            join(occupant);
        }
    }

    /** Whoever returned early would free memory that the run still reads. */
    @Test
    void waitsForWorkThatHasBegunThoughItIsCancelledAndInterrupted() {
        try (InferenceExecutor executor = new InferenceExecutor(1, 0)) {
            Cancellation cancellation = new Cancellation();
            CountDownLatch begun = new CountDownLatch(1);
            AtomicInteger ended = new AtomicInteger();
            Thread caller = Thread.ofVirtual().start(() -> {
                int result = executor.run(
                        () -> {
                            begun.countDown();
                            await(gate);
                            return ended.incrementAndGet();
                        },
                        cancellation);
                assertThat(result).isEqualTo(1);
                ended.incrementAndGet();
            });
            await(begun);
            cancellation.cancel();
            caller.interrupt();
            assertThat(ended).hasValue(0);
            gate.countDown();
            join(caller);
            assertThat(ended).hasValue(2);
        }
    }

    @Test
    void closeDrainsWhatWaitsAndRefusesWhatComes() {
        AtomicInteger done = new AtomicInteger();
        InferenceExecutor executor = new InferenceExecutor(1, 5);
        List<Thread> callers = new ArrayList<>();
        callers.add(occupy(executor));
        for (int index = 0; index < 5; index++) {
            callers.add(
                    Thread.ofVirtual().start(() -> executor.run(() -> done.incrementAndGet(), Cancellation.none())));
        }
        awaitWaiting(executor, 5);
        Thread closer = Thread.ofPlatform().start(executor::close);
        gate.countDown();
        join(closer);
        assertThat(done).hasValue(5);
        callers.forEach(InferenceExecutorTest::join);
        assertCode(() -> executor.run(() -> {}, Cancellation.none()), ErrorCode.UNAVAILABLE);
    }

    private Thread occupy(InferenceExecutor executor) {
        CountDownLatch begun = new CountDownLatch(1);
        Thread caller = Thread.ofVirtual()
                .start(() -> executor.run(
                        () -> {
                            begun.countDown();
                            await(gate);
                        },
                        Cancellation.none()));
        await(begun);
        return caller;
    }

    private static void awaitWaiting(InferenceExecutor executor, int count) {
        while (executor.waiting() != count) {
            Thread.onSpinWait();
        }
    }

    private static void assertCode(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
