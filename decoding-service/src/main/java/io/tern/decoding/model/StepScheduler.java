package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the calls of all sequences meet: one run takes a step of each that waits. Sequences that were in the last run are
 * waited for, for a short time, so that those that write together stay together; any other joins the next run, and one that
 * ends is just not there any more. What somebody waits for goes first, with one step of other work where there is a place
 * left, and in every fourth run where there is none. Iteration-level scheduling of Yu et al. 2022 (Orca), §3, with prompts
 * in pieces as in Agrawal et al. 2023 (Sarathi).
 *
 * <p>A call takes as many steps as its tokens need, unlike one at a {@link io.tern.base.Rendezvous}, and a thread of its own
 * runs the batches, whose end or hanging ends all calls. All state is guarded by one lock.
 */
final class StepScheduler implements AutoCloseable {
    /** How long a run waits for those that were in the last one: what sampling takes, and little of what a run takes. */
    private static final long WINDOW_NANOS = Duration.ofMillis(3).toNanos();
    /** Calls of so many tokens always run whole: drafts, trees, and ends of prompts. */
    private static final int SHORT = 32;
    /** Tokens of a piece of a prompt when nobody else waits: from there on a longer one is hardly faster. */
    private static final int PIECE = 128;
    /** Tokens of a run in which prompts have company, so that the others' next tokens come soon. */
    private static final int TOGETHER = 64;

    private static final int LEAST_PIECE = 16;
    /** Runs that were full of what somebody waits for, before one step of other work has a place. */
    private static final int MOST_FULL = 3;

    private final BatchRunner runner;
    private final int mostSteps;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private final Set<OnnxKvCache> expected = Collections.newSetFromMap(new IdentityHashMap<>());
    private final BatchCounters counters;
    private final Thread engine;
    private List<Turn> running = List.of();
    private int full;
    private boolean closing;
    private @Nullable Throwable death;
    private boolean abandoned;

    /** @param mostSteps of one run */
    StepScheduler(String name, BatchRunner runner, int mostSteps, BatchCounters counters) {
        this.runner = runner;
        this.counters = counters;
        this.mostSteps = mostSteps;
        this.engine = Thread.ofVirtual().name("decoder " + name).start(this::live);
    }

    /**
     * Waits until all of it has run. A caller that is cancelled or out of time leaves at once if its tokens are not in a run,
     * else after that run.
     *
     * @throws TernException CANCELLED or DEADLINE_EXCEEDED; INTERNAL_ERROR if the engine has died; UNAVAILABLE after close;
     *     and whatever a run of its own tokens throws
     */
    void run(Forward forward, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        Turn turn = new Turn(forward, cancellation);
        enter(turn);
        try (var _ = cancellation.onCancel(() -> leave(turn))) {
            await(turn);
        }
    }

    /** A sequence has ended, and is not waited for any more. */
    void forget(OnnxKvCache cache) {
        lock.lock();
        try {
            expected.remove(cache);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether calls are still served. */
    boolean isAlive() {
        lock.lock();
        try {
            return death == null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends all calls, since the run that goes on is not coming back. Its sequences' memory is never freed: the run may still
     * write to it.
     */
    void abandon(Throwable cause) {
        lock.lock();
        try {
            abandoned = true;
            running.forEach(turn -> turn.forward().cache().abandon());
            die(cause);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean isAbandoned() {
        lock.lock();
        try {
            return abandoned;
        } finally {
            lock.unlock();
        }
    }

    /** Calls that wait for a run now. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more calls, and waits until those that were taken have ended. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (engine.isAlive()) {
            try {
                engine.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void enter(Turn turn) {
        lock.lock();
        try {
            if (death != null) {
                throw dead(death);
            }
            if (closing) {
                throw new TernException(ErrorCode.UNAVAILABLE, "decoder: shutting down");
            }
            waiting.addLast(turn);
            expected.remove(turn.forward().cache());
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void leave(Turn turn) {
        lock.lock();
        try {
            turn.leaving();
            if (waiting.remove(turn)) {
                turn.end(null);
            }
        } finally {
            lock.unlock();
        }
    }

    private void await(Turn turn) {
        try {
            if (!turn.awaitEnd(turn.cancellation().remainingNanos())) {
                leave(turn);
            }
        } catch (InterruptedException e) {
            leave(turn);
            Thread.currentThread().interrupt();
        }
        turn.join();
    }

    /** The engine's life. */
    private void live() {
        try {
            for (List<Turn> batch = next(); !batch.isEmpty(); batch = next()) {
                run(batch);
            }
        } catch (Throwable e) { // a broken program: nobody may wait for an engine that is gone
            die(e);
        }
    }

    private void die(Throwable cause) {
        lock.lock();
        try {
            death = cause;
            counters.countDeath();
            running.forEach(turn -> turn.end(dead(cause)));
            waiting.forEach(turn -> turn.end(dead(cause)));
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    private static TernException dead(Throwable cause) {
        return new TernException(ErrorCode.INTERNAL_ERROR, "decoder: ended by an error", null, cause);
    }

    /** The next batch, taken out of the queue; empty after close. */
    private List<Turn> next() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing && death == null) {
                changed.await();
            }
            long left = WINDOW_NANOS;
            while (!waiting.isEmpty() && isWorthWaiting() && left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
            List<Turn> batch = choose();
            waiting.removeAll(batch);
            running = batch;
            expected.clear();
            batch.forEach(turn -> expected.add(turn.forward().cache()));
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody is to come who would be in this run. */
    private boolean isWorthWaiting() {
        return waiting.size() < mostSteps
                ? !expected.isEmpty()
                : expected.stream().anyMatch(cache -> cache.priority() == Priority.LIVE)
                        && waiting.stream().filter(Turn::isLive).count() < mostSteps;
    }

    /** Those that have waited longest, live ones first. */
    private List<Turn> choose() {
        List<Turn> live = waiting.stream().filter(Turn::isLive).limit(mostSteps).toList();
        List<Turn> others = waiting.stream().filter(turn -> !turn.isLive()).toList();
        if (live.isEmpty()) {
            return others.stream().limit(mostSteps).toList();
        }
        if (others.isEmpty()) {
            return live;
        }
        if (live.size() == mostSteps && full < MOST_FULL) {
            full++;
            return live;
        }
        full = 0;
        List<Turn> batch = new ArrayList<>(live.subList(0, Math.min(live.size(), mostSteps - 1)));
        batch.add(others.getFirst());
        return batch;
    }

    private void run(List<Turn> batch) {
        int share = batch.size() == 1 ? PIECE : share(batch);
        boolean isAnyLive = batch.stream().anyMatch(Turn::isLive);
        List<Step> steps = batch.stream()
                .map(turn ->
                        turn.forward().next(isShort(turn) ? PIECE : turn.isLive() == isAnyLive ? share : LEAST_PIECE))
                .toList();
        counters.count(steps);
        try {
            runner.run(steps, batch.size() == 1 ? batch.getFirst().cancellation() : Cancellation.none());
        } catch (RuntimeException | OutOfMemoryError e) {
            if (batch.size() == 1) {
                settle(batch.getFirst(), steps.getFirst(), e);
            } else {
                batch.forEach(turn -> run(List.of(turn))); // one of them may be to blame, the others are not
            }
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            settle(batch.get(i), steps.get(i), null);
        }
    }

    /** Tokens that each long call runs: what the short ones leave. */
    private static int share(List<Turn> batch) {
        int shortTokens = 0;
        int longCalls = 0;
        for (Turn turn : batch) {
            if (isShort(turn)) {
                shortTokens += turn.forward().left();
            } else {
                longCalls++;
            }
        }
        return Math.max(LEAST_PIECE, (TOGETHER - shortTokens) / Math.max(1, longCalls));
    }

    private static boolean isShort(Turn turn) {
        return turn.forward().left() <= SHORT || !turn.forward().isChain();
    }

    private void settle(Turn turn, Step step, @Nullable Throwable failure) {
        lock.lock();
        try {
            if (failure == null) {
                turn.forward().advance(step);
            }
            if (failure != null || turn.isLeaving()) {
                expected.remove(turn.forward().cache());
                turn.end(failure);
            } else if (turn.forward().left() == 0) {
                turn.end(null);
            } else {
                expected.remove(turn.forward().cache());
                waiting.addLast(turn);
            }
        } finally {
            lock.unlock();
        }
    }
}
