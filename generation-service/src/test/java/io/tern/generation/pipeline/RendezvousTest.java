package io.tern.generation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call is a box with one number, which the batch doubles; its rows are its number of cells. */
@Timeout(120)
class RendezvousTest {
    private static final int MOST_ROWS = 4;

    @Test
    void givesEachCallItsOwnAnswerWhateverItsCompany() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        Rendezvous<int[]> rendezvous = new Rendezvous<>(MOST_ROWS, call -> call.length, _ -> "one", (batch, _) -> {
            assertThat(inside.incrementAndGet()).isEqualTo(1);
            assertThat(batch.stream().mapToInt(call -> call.length).sum()).isLessThanOrEqualTo(MOST_ROWS);
            batch.forEach(call -> call[0] *= 2);
            inside.decrementAndGet();
        });
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < 7; caller++) {
                int rows = 1 + caller % 2;
                all.add(callers.submit(() -> {
                    start.await();
                    try (Rendezvous.Guest _ = rendezvous.join()) {
                        for (int round = 1; round <= 200; round++) {
                            int[] call = new int[rows];
                            call[0] = round;
                            rendezvous.call(call, Cancellation.none());
                            assertThat(call[0]).isEqualTo(2 * round);
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(rendezvous.waiting()).isZero();
    }

    @Test
    void packsWhatCameWhileABatchRanInTheOrderOfComing() throws Exception {
        Held held = new Held();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int number = 1; number <= 6; number++) {
                int[] call = {number};
                all.add(callers.submit(() -> held.rendezvous.call(call, Cancellation.none())));
                if (number == 1) {
                    held.started.acquire();
                } else {
                    awaitWaiting(held.rendezvous, number - 1);
                }
            }
            held.go.release(3);
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(held.batches).containsExactly(List.of(1), List.of(2, 3, 4, 5), List.of(6));
    }

    /** Negative numbers are another kind. */
    @Test
    void runsCallsOfOneKindTogetherWhateverComesBetween() throws Exception {
        Held held = new Held();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int number : List.of(1, -2, 3, -4, 5)) {
                int[] call = {number};
                all.add(callers.submit(() -> held.rendezvous.call(call, Cancellation.none())));
                if (number == 1) {
                    held.started.acquire();
                } else {
                    awaitWaiting(held.rendezvous, Math.abs(number) - 1);
                }
            }
            held.go.release(3);
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(held.batches).containsExactly(List.of(1), List.of(-2, -4), List.of(3, 5));
    }

    @Test
    void failsTheCallsOfABatchThatFailedAndNoOthers() throws Exception {
        Rendezvous<int[]> rendezvous = new Rendezvous<>(MOST_ROWS, _ -> 1, _ -> "one", (batch, _) -> {
            if (batch.stream().anyMatch(call -> call[0] < 0)) {
                throw new TernException(ErrorCode.INTERNAL_ERROR, "a batch that fails");
            }
        });
        assertThatThrownBy(() -> rendezvous.call(new int[] {-1}, Cancellation.none()))
                .hasMessage("a batch that fails");
        rendezvous.call(new int[] {1}, Cancellation.none());
    }

    @Test
    void letsACancelledCallGoAndRunsTheRest() throws Exception {
        Held held = new Held();
        Cancellation gone = new Cancellation();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = callers.submit(() -> held.rendezvous.call(new int[] {1}, Cancellation.none()));
            held.started.acquire();
            Future<?> second = callers.submit(() -> held.rendezvous.call(new int[] {2}, gone));
            awaitWaiting(held.rendezvous, 1);
            Future<?> third = callers.submit(() -> held.rendezvous.call(new int[] {3}, Cancellation.none()));
            awaitWaiting(held.rendezvous, 2);
            gone.cancel();
            assertThatThrownBy(second::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(TernException.class);
            held.go.release(2);
            first.get();
            third.get();
        }
        assertThat(held.batches).containsExactly(List.of(1), List.of(3));
    }

    @Test
    void endsABatchThatAllHaveLeft() throws Exception {
        Held held = new Held();
        Cancellation gone = new Cancellation();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> only = callers.submit(() -> held.rendezvous.call(new int[] {1}, gone));
            held.started.acquire();
            gone.cancel();
            assertThat(held.cancellation.get().isCancelled()).isTrue();
            held.go.release();
            assertThatThrownBy(only::get).hasRootCauseInstanceOf(TernException.class);
        }
    }

    private static void awaitWaiting(Rendezvous<?> rendezvous, int calls) {
        while (rendezvous.waiting() < calls) {
            Thread.onSpinWait(); // bounded by the test's time limit
        }
    }

    /** Each batch says that it has started, and ends when it may. */
    private static final class Held {
        final Semaphore started = new Semaphore(0);
        final Semaphore go = new Semaphore(0);
        final List<List<Integer>> batches = new ArrayList<>();
        final AtomicReference<Cancellation> cancellation = new AtomicReference<>();
        final Rendezvous<int[]> rendezvous =
                new Rendezvous<>(MOST_ROWS, _ -> 1, call -> call[0] < 0, (batch, running) -> {
                    batches.add(batch.stream().map(call -> call[0]).toList());
                    cancellation.set(running);
                    started.release();
                    go.acquireUninterruptibly();
                });
    }
}
