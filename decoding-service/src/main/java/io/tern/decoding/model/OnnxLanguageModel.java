package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.decoding.tree.TokenTree;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import java.util.Objects;

/**
 * A decoder on ONNX Runtime: one session, and for each sequence a cache that the attention updates in place. Long chains
 * run in several steps, each of which queues at the executor, so that a long prompt and short steps of other sequences
 * take turns. Close its caches before it.
 */
public final class OnnxLanguageModel implements LanguageModel {
    /** Tokens of one run at most: bounds its working memory and how long others wait for it. */
    public static final int MAX_STEP_TOKENS = 256;

    private static final int CAPACITY_UNIT = 64;
    private final OnnxRuntime runtime;
    private final Session session;
    private final InferenceExecutor executor;
    private final KvBudget budget;
    private final KvLayout layout;
    private final ModelInfo info;
    private final int minimumRows;

    /** @param minimumRows shorter steps are padded to so many tokens */
    OnnxLanguageModel(
            OnnxRuntime runtime,
            Session session,
            InferenceExecutor executor,
            KvBudget budget,
            ModelInfo info,
            int minimumRows) {
        this.runtime = runtime;
        this.session = session;
        this.executor = executor;
        this.budget = budget;
        this.layout = KvLayout.of(session.signature());
        this.info = info;
        this.minimumRows = minimumRows;
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    /** Fewest tokens of a step for which results do not depend on the cut; shorter steps are padded, at a cost. */
    public int minimumRows() {
        return minimumRows;
    }

    public KvBudget budget() {
        return budget;
    }

    @Override
    public KvCache newCache(int capacityTokens) {
        return openCache(capacityTokens);
    }

    /** The same model with other padding. */
    OnnxLanguageModel paddedTo(int rows) {
        return new OnnxLanguageModel(runtime, session, executor, budget, info, rows);
    }

    OnnxKvCache openCache(int capacityTokens) {
        if (capacityTokens < 1 || capacityTokens > info.contextLength()) {
            throw TernException.invalid("tokens", capacityTokens, "1.." + info.contextLength());
        }
        int spare = minimumRows; // a padded step behind the last token, less that token, plus the attention's extra row
        int allocated = (capacityTokens + spare + CAPACITY_UNIT - 1) / CAPACITY_UNIT * CAPACITY_UNIT;
        int capacity = Math.min(allocated - spare, info.contextLength());
        requireWithinBudget(capacityTokens, layout.totalBytes(allocated));
        KvBudget.Reservation reservation = budget.reserve(layout.totalBytes(allocated));
        try {
            return new OnnxKvCache(runtime, session, reservation, layout, info, capacity, allocated);
        } catch (RuntimeException | Error e) { // the machine may have less memory than the budget says
            reservation.close();
            throw e;
        }
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
        own.begin(tree.size(), rows, minimumRows);
        for (Step step : Step.of(tree, own.length(), rows, MAX_STEP_TOKENS, minimumRows)) {
            executor.run(() -> own.run(step, cancellation), cancellation);
        }
        return own.end(tree, rows);
    }

    @Override
    public void close() {
        session.close();
    }

    private void check(OnnxKvCache cache, TokenTree tree, int rows) {
        int room = cache.capacity() - cache.length();
        if (tree.size() < 1 || tree.size() > room) {
            throw new IllegalArgumentException(
                    "tokens: " + tree.size() + " (expected: 1.." + room + ", the room in the cache)");
        }
        int branches = tree.size() - tree.chainLength();
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
