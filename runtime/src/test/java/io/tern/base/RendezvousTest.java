package io.tern.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void givesEachCallItsOwnAnswerWhateverItsCompany() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        Rendezvous<int[]> rendezvous =
                new Rendezvous<>(limits(Duration.ofMillis(1)), call -> call.length, _ -> "one", (batch, _) -> {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    assertThat(batch.stream().mapToInt(call -> call.length).sum())
                            .isLessThanOrEqualTo(MOST_ROWS);
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
                    try (Rendezvous<int[]>.Guest guest = rendezvous.join()) {
                        for (int round = 1; round <= 200; round++) {
                            int[] call = new int[rows];
                            call[0] = round;
                            guest.call(call, Cancellation.none());
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
    void oneThatCanWaitGoesWithLiveCallsAndNoneIsPassedTwice() throws Exception {
        Held held = new Held();
        goThrough(held, List.of(List.of(100, 101, -102, 103, 2, 3), List.of(4), List.of(5), List.of(6)));
        assertThat(held.batches)
                .containsExactly(List.of(1), List.of(2, 3, 100), List.of(101, 4), List.of(-102), List.of(5, 6, 103));
    }

    /** Of another kind, so that none of them can go with it. */
    @Test
    void aLiveCallWaitsForOneAtMostOfThoseThatCanWait() throws Exception {
        Held held = new Held();
        goThrough(held, List.of(List.of(-100, -101, 2), List.of(-102, 3), List.of(-103), List.of()));
        assertThat(held.batches)
                .containsExactly(List.of(1), List.of(2), List.of(-100), List.of(3), List.of(-101, -102, -103));
    }

    @Test
    void waitsForAGuestThatCameToTheLastBatch() throws Exception {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        Rendezvous<int[]> rendezvous =
                new Rendezvous<>(limits(LONG), _ -> 1, _ -> "one", (batch, _) -> sizes.add(batch.size()));
        try (Rendezvous<int[]>.Guest one = rendezvous.join();
                Rendezvous<int[]>.Guest other = rendezvous.join();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 50; round++) {
                Future<?> late = callers.submit(() -> other.call(new int[1], Cancellation.none()));
                one.call(new int[1], Cancellation.none());
                late.get();
            }
            assertThat(sizes).hasSize(50).containsOnly(2);
            other.close();
            one.call(new int[1], Cancellation.none()); // would wait for ever for one that has gone
        }
        assertThat(sizes).endsWith(1);
    }

    @Test
    void waitsNoSecondTimeForAGuestThatDidNotCome() throws Exception {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        Rendezvous<int[]> rendezvous = new Rendezvous<>(
                limits(Duration.ofMillis(1)), _ -> 1, _ -> "one", (batch, _) -> sizes.add(batch.size()));
        try (Rendezvous<int[]>.Guest one = rendezvous.join();
                Rendezvous<int[]>.Guest absent = rendezvous.join()) {
            one.call(new int[1], Cancellation.none());
            assertThat(rendezvous.expected()).isEqualTo(1);
            absent.call(new int[1], Cancellation.none());
            assertThat(sizes).containsExactly(1, 1);
        }
        assertThat(rendezvous.expected()).isZero();
    }

    @Test
    void strangersWaitUntilABatchIsFull() throws Exception {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        Rendezvous<int[]> rendezvous =
                new Rendezvous<>(limits(LONG), _ -> 1, _ -> "one", (batch, _) -> sizes.add(batch.size()));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < MOST_ROWS; i++) {
                callers.submit(() -> rendezvous.call(new int[1], Cancellation.none()));
            }
        }
        assertThat(sizes).containsExactly(MOST_ROWS);
    }

    @Test
    void runsAsManyBatchesAtOnceAsItMay() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Rendezvous.Limits two = new Rendezvous.Limits(1, Duration.ZERO, 2);
        Rendezvous<int[]> rendezvous = new Rendezvous<>(two, _ -> 1, _ -> "one", (_, _) -> {
            both.countDown();
            awaitZero(both); // would wait for ever if only one could run
        });
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callers.submit(() -> rendezvous.call(new int[1], Cancellation.none()));
            callers.submit(() -> rendezvous.call(new int[1], Cancellation.none()));
        }
        assertThat(both.getCount()).isZero();
    }

    @Test
    void failsTheCallThatIsToBlameAndNoOther() throws Exception {
        Rendezvous<int[]> rendezvous = new Rendezvous<>(limits(LONG), _ -> 1, _ -> "one", (batch, _) -> {
            for (int[] call : batch) {
                if (call[0] < 0) {
                    throw new TernException(ErrorCode.INTERNAL_ERROR, "negative");
                }
            }
            batch.forEach(call -> call[0] *= 2);
        });
        int[][] calls = {{1}, {-1}, {3}, {4}};
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int[] call : calls) {
                all.add(callers.submit(() -> rendezvous.call(call, Cancellation.none())));
            }
        }
        assertThatThrownBy(() -> all.get(1).get()).hasRootCauseMessage("negative");
        for (int i : new int[] {0, 2, 3}) {
            all.get(i).get();
        }
        assertThat(calls).isDeepEqualTo(new int[][] {{2}, {-1}, {6}, {8}});
    }

    @Test
    void anInterruptedCallerLeaves() throws Exception {
        Rendezvous<int[]> rendezvous = new Rendezvous<>(limits(LONG), _ -> 1, _ -> "one", (_, _) -> {});
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                rendezvous.call(new int[1], Cancellation.none());
            } catch (TernException e) {
                thrown.set(e);
            }
        });
        awaitWaiting(rendezvous, 1);
        caller.interrupt();
        caller.join();
        assertThat(thrown.get()).isInstanceOf(TernException.class);
        assertThat(rendezvous.waiting()).isZero();
    }

    private static Rendezvous.Limits limits(Duration patience) {
        return new Rendezvous.Limits(MOST_ROWS, patience, 1);
    }

    private static void awaitZero(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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

    /** First 1, and these while each further batch is held. */
    private static void goThrough(Held held, List<List<Integer>> coming) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            all.add(callers.submit(() -> held.rendezvous.call(new int[] {1}, Cancellation.none())));
            held.started.acquire();
            for (List<Integer> numbers : coming) {
                for (int number : numbers) {
                    int before = held.rendezvous.waiting();
                    all.add(callers.submit(() -> held.rendezvous.call(new int[] {number}, Cancellation.none())));
                    awaitWaiting(held.rendezvous, before + 1);
                }
                held.go.release();
                held.started.acquire();
            }
            held.go.release(9);
            for (Future<?> one : all) {
                one.get();
            }
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
        final Rendezvous<int[]> rendezvous = new Rendezvous<>(
                limits(Duration.ZERO), _ -> 1, call -> call[0] < 0, Held::priority, (batch, running) -> {
                    batches.add(batch.stream().map(call -> call[0]).toList());
                    cancellation.set(running);
                    started.release();
                    go.acquireUninterruptibly();
                });

        /** Large numbers can wait. */
        static Priority priority(int[] call) {
            return Math.abs(call[0]) < 100 ? Priority.LIVE : Priority.BATCH;
        }
    }
}
