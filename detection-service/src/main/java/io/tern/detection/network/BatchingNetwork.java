package io.tern.detection.network;

import io.tern.base.Cancellation;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of several threads together: the first waits for others until its batch is full or a delay is over, and
 * for as long as enough runs are under way; then it runs all of them, and each takes its rows. Each caller packs its own
 * row, since its memory may be its thread's alone. Safe for several threads; one lock guards the batch that gathers, and
 * all waiting.
 *
 * <p>Its contract: a call gives what the network alone gives for its inputs, in whatever company; no run has more rows
 * than {@link BatchLimits#most}, and no more runs than {@link BatchLimits#concurrency} are under way; a call waits for
 * company no longer than {@link BatchLimits#delay}, unless it could not run anyway. Calls whose inputs differ in shape
 * share no run. A failure of a run is told to each of its calls. A cancelled call leaves at once; the run goes on for the
 * others, and is ended when all have left. Priority is not its matter: who may call at all is ordered before, by the
 * workers on which calls are made.
 */
public final class BatchingNetwork implements Network {
    private final Network network;
    private final BatchLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Batch gathering;
    private int running;

    /** @param network with a free first dimension in all inputs and outputs, whose rows do not depend on each other */
    public BatchingNetwork(Network network, BatchLimits limits) {
        this.network = network;
        this.limits = limits;
    }

    @Override
    public Map<String, FloatTensor> run(
            Map<String, FloatTensor> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        Batch batch;
        int row;
        lock.lock();
        try {
            if (gathering == null || !gathering.takes(inputs, outputs)) {
                gathering = new Batch(inputs, outputs);
                changed.signalAll();
            }
            batch = gathering;
            row = batch.size++;
            if (batch.size == limits.most()) {
                gathering = null;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        pack(batch, inputs, row);
        try (Cancellation.Registration _ = cancellation.onCancel(() -> leave(batch))) {
            if (row == 0) {
                lead(batch);
            } else {
                follow(batch, cancellation);
            }
        }
        cancellation.throwIfCancelled();
        return batch.rows(row, arena);
    }

    @Override
    public int mostTogether() {
        return limits.most();
    }

    /** They are a batch of their own, which nobody joins and which has not to wait for company. */
    @Override
    public List<Map<String, FloatTensor>> runAll(
            List<Map<String, FloatTensor>> inputs, List<String> outputs, Arena arena, Cancellation cancellation) {
        Batch batch = new Batch(inputs.getFirst(), outputs);
        if (inputs.size() > limits.most() || !inputs.stream().allMatch(one -> batch.takes(one, outputs))) {
            return Network.super.runAll(inputs, outputs, arena, cancellation);
        }
        cancellation.throwIfCancelled();
        batch.size = inputs.size();
        for (int row = 0; row < inputs.size(); row++) {
            pack(batch, inputs.get(row), row);
        }
        try (Cancellation.Registration _ = cancellation.onCancel(() -> inputs.forEach(_ -> leave(batch)))) {
            lead(batch);
        }
        cancellation.throwIfCancelled();
        return IntStream.range(0, inputs.size())
                .mapToObj(row -> batch.rows(row, arena))
                .toList();
    }

    /** Calls in the batch that gathers. */
    public int waiting() {
        lock.lock();
        try {
            return gathering == null ? 0 : gathering.size;
        } finally {
            lock.unlock();
        }
    }

    private void pack(Batch batch, Map<String, FloatTensor> inputs, int row) {
        @Nullable Throwable failure = null;
        try {
            batch.pack(inputs, row);
        } catch (RuntimeException | Error e) {
            failure = e; // told by all rows: the others wait for this one
        }
        lock.lock();
        try {
            batch.packed++;
            if (failure != null) {
                batch.failure = failure;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void lead(Batch batch) {
        lock.lock();
        try {
            gather(batch);
            running++;
        } finally {
            lock.unlock();
        }
        try {
            batch.results = network.run(batch.packedInputs(), batch.outputs, batch.arena, batch.cancellation);
        } catch (Throwable e) {
            batch.failure = e;
        } finally {
            lock.lock();
            running--;
            batch.done = true;
            changed.signalAll();
            lock.unlock();
        }
    }

    /** Until nobody more may join, all who did have packed, and there is a place to run. */
    private void gather(Batch batch) {
        long deadline = System.nanoTime() + limits.delay().toNanos();
        while (gathering == batch && batch.isWanted()) {
            long left = deadline - System.nanoTime();
            if (running >= limits.concurrency()) {
                changed.awaitUninterruptibly();
            } else if (left <= 0 || !waited(left)) {
                gathering = null;
            }
        }
        if (gathering == batch) {
            gathering = null;
        }
        while (batch.packed < batch.size || running >= limits.concurrency() && batch.isWanted()) {
            changed.awaitUninterruptibly();
        }
        if (!batch.isWanted()) {
            batch.cancellation.cancel();
        }
    }

    /** False if the thread is to end, which the run will hear of itself. */
    private boolean waited(long nanos) {
        try {
            var _ = changed.awaitNanos(nanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void follow(Batch batch, Cancellation cancellation) {
        lock.lock();
        try {
            while (!batch.done && !cancellation.isCancelled()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A run that nobody waits for any more is ended. */
    private void leave(Batch batch) {
        boolean empty;
        lock.lock();
        try {
            batch.left++;
            empty = !batch.isWanted() && gathering != batch;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (empty) {
            batch.cancellation.cancel();
        }
    }

    @Override
    public void close() {
        network.close();
    }

    /** Calls of one run. What is not final is guarded by the lock, or written before {@code done} is. */
    private final class Batch {
        private final Map<String, Shape> rowShapes = new HashMap<>();
        private final List<String> outputs;
        private final Arena arena = Arena.ofAuto(); // of several threads, and who of them is the last does not matter
        private final Map<String, FloatTensor> inputs = new HashMap<>();
        private final Cancellation cancellation = new Cancellation();
        private int size;
        private int packed;
        private int left;
        private boolean done;
        private Map<String, FloatTensor> results = Map.of();
        private @Nullable Throwable failure;

        Batch(Map<String, FloatTensor> first, List<String> outputs) {
            this.outputs = List.copyOf(outputs);
            first.forEach((name, input) -> {
                rowShapes.put(name, input.shape());
                inputs.put(name, FloatTensor.allocate(arena, input.shape().withFirst(limits.most())));
            });
        }

        /** Whether somebody waits for it. */
        boolean isWanted() {
            return left < size;
        }

        boolean takes(Map<String, FloatTensor> others, List<String> wanted) {
            return wanted.equals(outputs)
                    && others.keySet().equals(rowShapes.keySet())
                    && others.entrySet().stream()
                            .allMatch(other -> Objects.equals(other.getValue().shape(), rowShapes.get(other.getKey())));
        }

        void pack(Map<String, FloatTensor> row, int index) {
            row.forEach((name, input) ->
                    Objects.requireNonNull(inputs.get(name)).row(index).copyFrom(input));
        }

        Map<String, FloatTensor> packedInputs() {
            Map<String, FloatTensor> full = new HashMap<>();
            inputs.forEach((name, input) -> full.put(
                    name, FloatTensor.over(input.segment(), input.shape().withFirst(size))));
            return full;
        }

        Map<String, FloatTensor> rows(int index, Arena caller) {
            switch (failure) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> {}
            }
            Map<String, FloatTensor> rows = new HashMap<>();
            results.forEach((name, result) -> {
                if (result.shape().dimension(0) != size) {
                    throw new IllegalStateException(
                            name + ": " + result.shape() + " (expected: a first dimension of " + size + ")");
                }
                rows.put(name, result.row(index).copy(caller));
            });
            return rows;
        }
    }

    /**
     * Whether a network gives each of two inputs the same bits alone and in one run, on this machine. Call it on a platform
     * thread.
     */
    public static boolean keepsRowsApart(
            Network network, Map<String, FloatTensor> one, Map<String, FloatTensor> other, List<String> outputs) {
        try (Arena arena = Arena.ofConfined()) {
            Map<String, FloatTensor> both = new HashMap<>();
            one.forEach((name, first) -> {
                FloatTensor second = Objects.requireNonNull(other.get(name), name);
                FloatTensor packed = FloatTensor.allocate(arena, first.shape().withFirst(2));
                var _ = packed.row(0).copyFrom(first);
                var _ = packed.row(1).copyFrom(second);
                both.put(name, packed);
            });
            var alone = List.of(
                    network.run(one, outputs, arena, Cancellation.none()),
                    network.run(other, outputs, arena, Cancellation.none()));
            Map<String, FloatTensor> together = network.run(both, outputs, arena, Cancellation.none());
            return together.entrySet().stream().allMatch(entry -> sameRows(entry.getKey(), entry.getValue(), alone));
        }
    }

    private static boolean sameRows(String name, FloatTensor together, List<Map<String, FloatTensor>> alone) {
        if (together.shape().rank() == 0 || together.shape().dimension(0) != alone.size()) {
            return false;
        }
        for (int row = 0; row < alone.size(); row++) {
            FloatTensor single = alone.get(row).get(name);
            if (single == null
                    || !Arrays.equals(single.toArray(), together.row(row).toArray())) {
                return false;
            }
        }
        return true;
    }
}
