package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.base.Work;
import io.tern.decoding.tree.TokenTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StepSchedulerTest {
    private static final int MOST = 4;

    private static TinyModel tiny;

    private final List<OnnxKvCache> caches = new ArrayList<>();
    /** Of each run that was let through, the tokens of its steps. */
    private final List<List<Integer>> runs = Collections.synchronizedList(new ArrayList<>());
    /** Each run takes one. */
    private final Semaphore permits = new Semaphore(0);
    /** Runs that have begun. */
    private final Semaphore begun = new Semaphore(0);

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final BatchCounters counters = new BatchCounters();
    private final StepScheduler scheduler = new StepScheduler("test", this::runAfterAPermit, MOST, counters);
    private volatile Runnable inTheRun = () -> {};

    private void runAfterAPermit(List<Step> steps, Cancellation cancellation) {
        begun.release();
        permits.acquireUninterruptibly();
        inTheRun.run();
        tiny.model().runner().run(steps, cancellation);
        runs.add(steps.stream().map(Step::tokens).toList());
    }

    @BeforeAll
    static void load() throws IOException {
        tiny = TinyModel.load();
    }

    @AfterAll
    static void unload() throws IOException {
        tiny.close();
    }

    @AfterEach
    void close() {
        permits.release(1000);
        callers.close();
        scheduler.close();
        caches.forEach(OnnxKvCache::close);
    }

    @Test
    void callsThatWaitRunTogetherAndNoMoreThanFit() throws Exception {
        Future<?> first = call(1, Cancellation.none());
        begun.acquire();
        List<Future<?>> others = new ArrayList<>();
        for (int i = 0; i < MOST + 1; i++) {
            others.add(call(2, Cancellation.none()));
            awaitWaiting(i + 1);
        }
        permits.release(3);
        first.get();
        for (Future<?> other : others) {
            other.get();
        }
        assertThat(runs).containsExactly(List.of(1), List.of(2, 2, 2, 2), List.of(2));
    }

    @Test
    void aLongPromptRunsInPiecesBesideShortCalls() throws Exception {
        Future<?> first = call(1, Cancellation.none());
        begun.acquire();
        Future<?> prompt = call(100, Cancellation.none());
        awaitWaiting(1);
        Future<?> step = call(4, Cancellation.none());
        awaitWaiting(2);
        permits.release(2);
        first.get();
        step.get();
        assertThat(prompt.isDone()).isFalse();
        permits.release();
        prompt.get();
        assertThat(runs).containsExactly(List.of(1), List.of(60, 4), List.of(40));
    }

    /** Its one step goes along, the others' wait until there is nothing else; tokens tell the calls apart. */
    @Test
    void oneStepThatNobodyWaitsForGoesWithThoseThatSomebodyDoes() throws Exception {
        List<Future<?>> all = new ArrayList<>(List.of(call(1, Cancellation.none())));
        begun.acquire();
        for (int tokens : new int[] {2, 3, 4}) {
            all.add(call(tokens, Priority.BATCH));
            awaitWaiting(all.size() - 1);
        }
        for (int tokens : new int[] {5, 6}) {
            all.add(call(tokens, Priority.LIVE));
            awaitWaiting(all.size() - 1);
        }
        permits.release(100);
        for (Future<?> call : all) {
            call.get();
        }
        assertThat(runs).containsExactly(List.of(1), List.of(5, 6, 2), List.of(3, 4));
    }

    @Test
    void whatNobodyWaitsForHasAPlaceInEveryFourthFullRun() throws Exception {
        List<Future<?>> all = new ArrayList<>(List.of(call(1, Cancellation.none())));
        begun.acquire();
        all.add(call(2, Priority.BATCH));
        awaitWaiting(1);
        for (int i = 0; i < 4 * MOST; i++) {
            all.add(call(3, Priority.LIVE));
            awaitWaiting(i + 2);
        }
        permits.release(100);
        for (Future<?> call : all) {
            call.get();
        }
        List<Integer> full = List.of(3, 3, 3, 3);
        assertThat(runs).containsExactly(List.of(1), full, full, full, List.of(3, 3, 3, 2), List.of(3));
    }

    @Test
    void aPromptThatNobodyWaitsForKeepsNobodyLong() throws Exception {
        Future<?> first = call(1, Cancellation.none());
        begun.acquire();
        Future<?> prompt = call(100, Priority.BATCH);
        awaitWaiting(1);
        Future<?> step = call(4, Priority.LIVE);
        awaitWaiting(2);
        permits.release(100);
        first.get();
        step.get();
        prompt.get();
        assertThat(runs).containsExactly(List.of(1), List.of(4, 16), List.of(84));
    }

    @Test
    void whoIsCancelledLeavesTheQueueAtOnce() throws Exception {
        Future<?> first = call(1, Cancellation.none());
        begun.acquire();
        Cancellation cancellation = new Cancellation();
        Future<?> second = call(2, cancellation);
        awaitWaiting(1);
        cancellation.cancel();
        assertFails(second, ErrorCode.CANCELLED);
        assertThat(scheduler.waiting()).isZero();
        permits.release();
        first.get();
        assertThat(runs).containsExactly(List.of(1));
    }

    @Test
    void whoIsOutOfTimeLeavesTheQueue() throws Exception {
        Future<?> first = call(1, Cancellation.none());
        begun.acquire();
        assertFails(call(2, Cancellation.withTimeout(1_000_000)), ErrorCode.DEADLINE_EXCEEDED);
        permits.release();
        first.get();
    }

    /** Its mates have what they came for, and it has left within one step. */
    @Test
    void whoIsCancelledInARunWithOthersEndsAfterIt() throws Exception {
        Future<?> first = call(1, Cancellation.none());
        begun.acquire();
        Cancellation cancellation = new Cancellation();
        Future<?> prompt = call(100, cancellation);
        awaitWaiting(1);
        Future<?> mate = call(3, Cancellation.none());
        awaitWaiting(2);
        permits.release();
        begun.acquire();
        cancellation.cancel();
        assertThat(prompt.isDone()).isFalse();
        permits.release();
        assertFails(prompt, ErrorCode.CANCELLED);
        mate.get();
        first.get();
        assertThat(runs).containsExactly(List.of(1), List.of(61, 3));
    }

    @Test
    void aFailedRunFailsOnlyWhomItMust() throws Exception {
        Future<?> first = call(1, Cancellation.none());
        begun.acquire();
        Future<?> good = call(2, Cancellation.none());
        awaitWaiting(1);
        Future<?> bad = call(3, Cancellation.none());
        awaitWaiting(2);
        caches.get(2).close(); // a run refuses its memory
        permits.release(100);
        first.get();
        good.get();
        assertThatThrownBy(bad::get).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(scheduler.isAlive()).isTrue();
        call(1, Cancellation.none()).get();
    }

    /** One text finds no memory in its step; its engine and later texts do not notice. */
    @Test
    void aStepWithoutMemoryFailsItsTextAlone() throws Exception {
        TernException noMemory = new TernException(ErrorCode.OVERLOADED, "memory: not enough for this run now");
        inTheRun = () -> {
            throw noMemory;
        };
        permits.release(100);
        assertFails(call(3, Cancellation.none()), ErrorCode.OVERLOADED);
        inTheRun = () -> {};
        assertThat(scheduler.isAlive()).isTrue();
        assertThat(counters.deaths()).isZero();
        call(3, Cancellation.none()).get();
        assertThat(runs).containsExactly(List.of(3));
    }

    @Test
    void nobodyWaitsForAnEngineThatHasDied() throws Exception {
        Future<?> inTheRunItself = call(1, Cancellation.none());
        begun.acquire();
        Future<?> waiting = call(2, Cancellation.none());
        awaitWaiting(1);
        inTheRun = () -> {
            throw new AssertionError("a broken program");
        };
        permits.release();
        assertFails(inTheRunItself, ErrorCode.INTERNAL_ERROR);
        assertFails(waiting, ErrorCode.INTERNAL_ERROR);
        assertThat(scheduler.isAlive()).isFalse();
        assertThat(counters.deaths()).isEqualTo(1);
        assertFails(call(1, Cancellation.none()), ErrorCode.INTERNAL_ERROR);
    }

    /** Its memory stays, since the run may still write to it; the run's own end changes nothing any more. */
    @Test
    void nobodyWaitsForARunThatHangs() throws Exception {
        Future<?> hanging = call(1, Cancellation.none());
        begun.acquire();
        Future<?> waiting = call(2, Cancellation.none());
        awaitWaiting(1);
        scheduler.abandon(new IllegalStateException("hangs"));
        assertFails(hanging, ErrorCode.INTERNAL_ERROR);
        assertFails(waiting, ErrorCode.INTERNAL_ERROR);
        caches.getFirst().close(); // does not wait for the run
        assertThat(scheduler.isAlive()).isFalse();
        assertThat(counters.deaths()).isEqualTo(1);
        assertFails(call(1, Cancellation.none()), ErrorCode.INTERNAL_ERROR);
        permits.release();
        caches.getFirst().use(() -> {}); // still there
    }

    @Test
    void takesNoCallsAfterItsEnd() {
        scheduler.close();
        assertFails(call(1, Cancellation.none()), ErrorCode.UNAVAILABLE);
    }

    private Future<?> call(int tokens, Cancellation cancellation) {
        return call(tokens, Priority.LIVE, cancellation);
    }

    private Future<?> call(int tokens, Priority priority) {
        return call(tokens, priority, Cancellation.none());
    }

    private Future<?> call(int tokens, Priority priority, Cancellation cancellation) {
        OnnxKvCache cache = (OnnxKvCache) tiny.model().newCache(tokens, Work.ofCall(priority), Cancellation.none());
        caches.add(cache);
        Forward forward = cache.begin(TokenTree.chain(new int[tokens]), 1, 1);
        return callers.submit(() -> scheduler.run(forward, cancellation));
    }

    private void awaitWaiting(int calls) {
        while (scheduler.waiting() != calls) {
            Thread.onSpinWait();
        }
    }

    private static void assertFails(Future<?> call, ErrorCode code) {
        assertThatThrownBy(call::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
