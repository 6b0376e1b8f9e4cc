package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.base.Work;
import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A decoder on ONNX Runtime. Each sequence has a cache that the attention updates in place; the calls of all sequences meet
 * at the scheduler and run together. Close its caches before it.
 */
public final class OnnxLanguageModel implements LanguageModel {
    /** Most rows of logits of one forward, and most nodes of a tree off its first path: bounds a run's memory. */
    public static final int MAX_STEP_TOKENS = 256;

    private static final int CAPACITY_UNIT = 64;

    private final DecoderEngine engine;
    private final KvBudget budget;
    private final PrefixStore prefixes;
    private final ModelInfo info;
    private final int minimumRows;
    private final KvMemory.Allocation allocation;
    private final @Nullable StepCosts costs;
    private final AtomicInteger sequences = new AtomicInteger();

    /** For trials, before anything was measured. */
    OnnxLanguageModel(DecoderEngine engine, KvBudget budget, ModelInfo info, int minimumRows) {
        this(engine, budget, budget.prefixes(), info, minimumRows, null, KvMemory.Allocation.ORDINARY);
    }

    /**
     * Takes over the engine.
     *
     * @param minimumRows shorter steps are padded to so many tokens
     */
    OnnxLanguageModel(
            DecoderEngine engine, KvBudget budget, ModelInfo info, int minimumRows, @Nullable StepCosts costs) {
        this(engine, budget, budget.prefixes(), info, minimumRows, costs, KvMemory.Allocation.ORDINARY);
    }

    private OnnxLanguageModel(
            DecoderEngine engine,
            KvBudget budget,
            PrefixStore prefixes,
            ModelInfo info,
            int minimumRows,
            @Nullable StepCosts costs,
            KvMemory.Allocation allocation) {
        this.allocation = allocation;
        this.engine = engine;
        this.budget = budget;
        this.prefixes = prefixes;
        this.info = info;
        this.minimumRows = minimumRows;
        this.costs = costs;
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public Optional<StepCosts> costs() {
        return Optional.ofNullable(costs);
    }

    @Override
    public int sequences() {
        return Math.min(sequences.get(), engine.graph().mostSteps());
    }

    /** Fewest tokens of a step for which results do not depend on the cut; shorter steps are padded, at a cost. */
    public int minimumRows() {
        return minimumRows;
    }

    /** Whether it still serves calls; if not, only another process will. */
    public boolean isAlive() {
        return engine.scheduler().isAlive();
    }

    public KvBudget budget() {
        return budget;
    }

    @Override
    public KvCache newCache(int capacityTokens) {
        return openCache(capacityTokens);
    }

    @Override
    public KvCache newCache(int capacityTokens, Work work, Cancellation cancellation) {
        return openCache(capacityTokens, work.priority(), bytes -> budget.reserve(bytes, work, cancellation));
    }

    @Override
    public int recall(KvCache cache, String tenant, int[] text) {
        OnnxKvCache own = (OnnxKvCache) cache;
        int[] allButLast = Arrays.copyOf(text, text.length - 1); // somebody has to tell what follows
        return own.fill(prefixes.recall(this, tenant, own, allButLast));
    }

    @Override
    public void remember(KvCache cache, String tenant, int[] text) {
        prefixes.remember(this, tenant, (OnnxKvCache) cache, text);
    }

    BatchRunner runner() {
        return engine.runner();
    }

    KvLayout layout() {
        return engine.graph().layout();
    }

    /** Sequences that one run can take. */
    int mostSteps() {
        return engine.graph().mostSteps();
    }

    /** Calls that wait for a run now. */
    int waiting() {
        return engine.scheduler().waiting();
    }

    /** The same model with other padding. */
    OnnxLanguageModel paddedTo(int rows) {
        return new OnnxLanguageModel(engine, budget, info, rows);
    }

    /** The same model, where every text is run from its beginning. */
    OnnxLanguageModel withoutSharedBeginnings() {
        PrefixStore none = new PrefixStore(budget, 0);
        return new OnnxLanguageModel(engine, budget, none, info, minimumRows, costs, allocation);
    }

    /** The same model with keys and values in other memory. */
    OnnxLanguageModel allocatedBy(KvMemory.Allocation other) {
        return new OnnxLanguageModel(engine, budget, prefixes, info, minimumRows, costs, other);
    }

    KvMemory.Allocation allocation() {
        return allocation;
    }

    OnnxKvCache openCache(int capacityTokens) {
        return openCache(capacityTokens, Priority.LIVE, budget::reserve);
    }

    private OnnxKvCache openCache(int capacityTokens, Priority priority, LongFunction<KvBudget.Reservation> reserve) {
        if (capacityTokens < 1 || capacityTokens > info.contextLength()) {
            throw TernException.invalid("tokens", capacityTokens, "1.." + info.contextLength());
        }
        int spare = minimumRows; // a padded step behind the last token, less that token, plus the attention's extra row
        int allocated = (capacityTokens + spare + CAPACITY_UNIT - 1) / CAPACITY_UNIT * CAPACITY_UNIT;
        int capacity = Math.min(allocated - spare, info.contextLength());
        long bytes = engine.graph().bytes(allocated);
        requireWithinBudget(capacityTokens, bytes);
        KvBudget.Reservation reservation = reserve.apply(bytes);
        try {
            return cache(engine.graph().memory(allocation, allocated), capacity, priority, reservation);
        } catch (OutOfMemoryError e) { // the machine may have less memory than the budget says
            reservation.close();
            throw new TernException(
                    ErrorCode.OVERLOADED, "key-value memory: " + bytes + " bytes are not free now", null, e);
        } catch (RuntimeException | Error e) {
            reservation.close();
            throw e;
        }
    }

    /** Takes over the memory. */
    private OnnxKvCache cache(KvMemory memory, int capacity, Priority priority, KvBudget.Reservation reservation) {
        try {
            OnnxKvCache cache = new OnnxKvCache(
                    memory, info, capacity, priority, () -> release(reservation), engine.scheduler()::forget);
            sequences.incrementAndGet();
            return cache;
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    private void release(KvBudget.Reservation reservation) {
        reservation.close();
        sequences.decrementAndGet();
    }

    /** What no waiting can make room for is the caller's to make smaller. */
    private void requireWithinBudget(int capacityTokens, long bytes) {
        if (bytes > budget.limitBytes()) {
            throw TernException.invalid(
                    "max_tokens",
                    capacityTokens + " with the prompt, " + bytes + " bytes of keys and values",
                    "at most " + budget.limitBytes() + " bytes");
        }
    }

    /** Logits of at most {@link #MAX_STEP_TOKENS} rows; off its first path a tree has at most so many nodes. */
    @Override
    public StepOutput forward(KvCache cache, TokenTree tree, int rows, Cancellation cancellation) {
        OnnxKvCache own = (OnnxKvCache) cache;
        check(own, tree, rows);
        try {
            engine.scheduler().run(own.begin(tree, rows, minimumRows), cancellation);
        } catch (OutOfMemoryError e) {
            throw new TernException(ErrorCode.OVERLOADED, "memory: not enough for a run now", null, e);
        }
        return own.end(tree, rows);
    }

    /** Calls of several sequences, each in one run with the others, whoever else waits: for trials. */
    void runTogether(List<Forward> forwards) {
        List<Step> steps =
                forwards.stream().map(forward -> forward.next(MAX_STEP_TOKENS)).toList();
        engine.runner().run(steps, Cancellation.none());
    }

    @Override
    public void close() {
        engine.close();
        prefixes.forget(this);
    }

    private void check(OnnxKvCache cache, TokenTree tree, int rows) {
        int room = cache.capacity() - cache.length();
        if (tree.size() < 1 || tree.size() > room) {
            throw new IllegalArgumentException(
                    "tokens: " + tree.size() + " (expected: 1.." + room + ", the room in the cache)");
        }
        int branches = tree.size() - tree.chainLength();
        if (branches > 0 && !info.trees()) {
            throw new IllegalArgumentException("nodes off the first path: " + branches + " (expected: none)");
        }
        if (branches > MAX_STEP_TOKENS) {
            throw new IllegalArgumentException(
                    "nodes off the first path: " + branches + " (expected: at most " + MAX_STEP_TOKENS + ")");
        }
        int mostRows = Math.min(tree.size(), MAX_STEP_TOKENS);
        if (rows < 0 || rows > mostRows) {
            throw new IllegalArgumentException("rows: " + rows + " (expected: 0.." + mostRows + ")");
        }
        for (int node = 0; node < tree.size(); node++) {
            Objects.checkIndex(tree.token(node), info.vocabularySize());
        }
    }
}
